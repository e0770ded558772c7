"""Files for the tests, made on the spot."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

GPS_IFD, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
SECRET_MAKE = "PhoneOfZhang"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """A picture with its left half dark."""
    image = Image.new(mode, size, "white" if mode != "P" else 0)
    image.paste("black" if mode != "P" else 1, (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    image.save(written, form)
    return written.getvalue()


def tagged(form: str = "JPEG", orientation: int = 6) -> bytes:
    """A picture that tells where it was taken, by what, and which way is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = SECRET_MAKE
    exif[GPS_IFD] = {1: "N", 2: (IFDRational(29), IFDRational(2), IFDRational(0)), 3: "E"}
    image = Image.open(BytesIO(picture("PNG")))
    written = BytesIO()
    image.save(written, form, exif=exif, comment=SECRET_MAKE)
    return written.getvalue()


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few kilobytes that claim to be, and would unpack to, hundreds of millions of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes(5_000_000))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def office(part: str = "word/document.xml", **more: bytes) -> bytes:
    """A document of the kind that holds this part; `more` are further members, "__" standing for "/"."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def pdf() -> bytes:
    """The least that is taken for a PDF."""
    return b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n"


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of a film."""
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


PLACE = b"+29.0400+111.6800/"


def film(brand: bytes = b"isom") -> bytes:
    """A film without pictures that tells where it was taken."""
    udta = box(b"udta", box(b"\xa9xyz", PLACE))
    return (
        box(b"ftyp", brand, bytes(4), brand)
        + box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", box(b"tkhd", bytes(84)), udta), udta, box(b"meta", PLACE))
        + box(b"uuid", PLACE)
        + box(b"mdat", b"pictures")
    )
