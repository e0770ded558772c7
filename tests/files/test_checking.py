"""What is taken in, what is kept of it, and what people are told about the rest."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hotline.files import checking, documents, images, kinds
from hotline.refusal import Refused
from tests.files import samples


def check(name: str, content: bytes) -> checking.Checked:
    """Check a file of this name."""
    return checking.check(name, BytesIO(content))


def refusal(name: str, content: bytes) -> Refused:
    """The refusal that a file meets with."""
    with pytest.raises(Refused) as caught:
        check(name, content)
    assert all(reason.field == "files" for reason in caught.value.reasons)
    return caught.value


def code(name: str, content: bytes) -> str:
    """The code of the one reason for refusing a file."""
    [reason] = refusal(name, content).reasons
    return reason.code


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.jpg", samples.picture("JPEG"), "image/jpeg"),
        ("A.JPEG", samples.picture("JPEG"), "image/jpeg"),
        ("a.png", samples.picture("PNG"), "image/png"),
        ("a.webp", samples.picture("WEBP"), "image/webp"),
        ("无后缀", samples.picture("JPEG"), "image/jpeg"),
        ("a.jpg", samples.picture("PNG"), "image/png"),
        ("a.pdf", samples.pdf(), "application/pdf"),
        ("a.docx", samples.office(), kinds.DOCX.media_type),
        ("a.xlsx", samples.office("xl/workbook.xml"), kinds.XLSX.media_type),
        ("a.mp4", samples.film(), "video/mp4"),
        ("a.mov", samples.film(b"qt  "), "video/quicktime"),
        ("a.mp4", samples.film(b"qt  "), "video/quicktime"),
    ],
)
def test_what_is_taken(name: str, content: bytes, media_type: str) -> None:
    assert check(name, content).kind.media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jpg", b"", "file_empty"),
        ("a.txt", b"hello", "file_kind"),
        ("a.gif", samples.picture("GIF"), "file_kind"),
        ("a.avif", samples.picture("AVIF"), "file_kind"),
        ("a.exe", b"MZ" + bytes(300), "file_kind"),
        ("a.html", b"<html><script>alert(1)</script>", "file_kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        ("a.heic", samples.box(b"ftyp", b"heic", bytes(4), b"mif1"), "file_heic"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_old_office"),
        ("a.pdf", samples.office(), "file_mismatch"),
        ("a.jpg", samples.pdf(), "file_mismatch"),
        ("a.docx", samples.office("xl/workbook.xml"), "file_mismatch"),
        ("a.exe", samples.picture("JPEG"), "file_mismatch"),
        ("a.pdf", samples.pdf()[:-7], "file_broken"),
        ("a.jpg", samples.picture("JPEG")[:-40], "file_broken"),
        ("a.png", samples.picture("PNG")[:40], "file_broken"),
        ("a.webp", samples.picture("WEBP")[:30], "file_broken"),
        ("a.docx", samples.office()[:-30], "file_broken"),
        ("a.mp4", samples.film()[:-4], "file_broken"),
        ("a.mp4", samples.box(b"ftyp", b"isom"), "file_broken"),
        (
            "a.docx",
            samples.office("word/document.xml", vbaProject_bin=b"").replace(b"vbaProject_bin", b"vbaProject.bin"),
            "file_macros",
        ),
    ],
)
def test_what_is_refused(name: str, content: bytes, expected: str) -> None:
    assert code(name, content) == expected


def test_a_gif_that_is_called_jpg_is_told_both() -> None:
    [reason] = refusal("照片.JPG", samples.picture("GIF")).reasons
    assert reason.code == "file_mismatch"
    assert reason.words() == "这个文件写的是 .jpg，实际是 GIF，请转成 JPG、PNG 或 PDF 再传"


def test_no_refusal_repeats_a_strange_name() -> None:
    refused = refusal("x.<script>alert(1)</script>", samples.picture("GIF"))
    assert "script" not in str(refused)


# --- photos ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_gone_and_the_picture_is_upright(form: str) -> None:
    before = samples.tagged(form)
    assert samples.SECRET_MAKE.encode() in before
    after = check("a", before)
    assert (after.width, after.height) == (20, 40)
    assert samples.SECRET_MAKE.encode() not in after.content
    assert b"Exif" not in after.content
    with Image.open(BytesIO(after.content)) as image:
        assert image.size == (20, 40)
        assert not dict(image.getexif())
        grey = image.convert("L")
        assert [round(value / 255) for value in (grey.getpixel((10, 5)), grey.getpixel((10, 35)))] == [0, 1]  # type: ignore[operator]


def test_no_text_beside_the_picture_is_kept() -> None:
    info, written = PngInfo(), BytesIO()
    info.add_text("Author", samples.SECRET_MAKE)
    Image.new("RGB", (4, 4)).save(written, "PNG", pnginfo=info)
    assert samples.SECRET_MAKE.encode() not in check("a.png", written.getvalue()).content


def test_what_follows_the_picture_is_not_kept() -> None:
    assert b"hidden" not in check("a.jpg", samples.picture("JPEG") + b"hidden archive").content


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "RGBA"), ("JPEG", "CMYK")]
)
def test_odd_colour_modes_are_kept_readable(form: str, mode: str) -> None:
    with Image.open(BytesIO(check("a", samples.picture(form, mode=mode)).content)) as image:
        assert image.size == (40, 20)


def test_a_pixel_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(*_: object) -> None:
        raise AssertionError("the picture was unpacked")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpacked)
    for sides in ((30_000, 30_000), (10_000, 5_001), (2**31 - 1, 2**31 - 1)):
        refused = refusal("a.png", samples.png_bomb(*sides))
        assert (refused.status, refused.reasons[0].code) == (413, "file_pixels")


def test_a_large_photo_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LONGEST_SIDE", 100)
    after = check("a.jpg", samples.picture("JPEG", (1000, 500)))
    assert (after.width, after.height) == (100, 50)


# --- documents -------------------------------------------------------------------------------------------------------
def test_a_document_that_unpacks_to_a_hundredfold_is_refused() -> None:
    bomb = samples.office(word__media=bytes(30 * kinds.MIB))
    assert len(bomb) < kinds.MIB
    assert code("a.docx", bomb) == "file_archive"


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_UNPACKED", 1000)
    assert code("a.docx", samples.office(word__media=bytes(1001))) == "file_archive"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:evil", "..\\evil"])
def test_a_document_with_members_outside_is_refused(name: str) -> None:
    written = BytesIO(samples.office())
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr(name, "x")
    assert code("a.docx", written.getvalue()) == "file_archive"


def test_a_document_with_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MEMBERS", 3)
    assert code("a.docx", samples.office(a=b"", b=b"")) == "file_archive"


def test_a_damaged_member_is_noticed() -> None:
    content = bytearray(samples.office())
    content[content.index(b"word/document.xml") + 20] ^= 0xFF
    assert code("a.docx", bytes(content)) == "file_broken"


def test_any_other_archive_is_not_taken() -> None:
    assert code("a.zip", samples.office("readme.txt")) == "file_kind"


# --- videos ----------------------------------------------------------------------------------------------------------
def test_the_place_is_gone_from_a_film_and_nothing_else_moved() -> None:
    before = samples.film()
    after = check("a.mp4", before).content
    assert samples.PLACE in before
    assert samples.PLACE not in after
    assert len(after) == len(before)
    assert after.endswith(b"mdatpictures")


# --- sizes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "head", "limit"),
    [
        ("a.jpg", samples.picture("JPEG"), kinds.JPEG.limit),
        ("a.docx", samples.office(), kinds.DOCX.limit),
        ("a.mp4", samples.film(), kinds.MP4.limit),
    ],
)
def test_a_file_over_the_limit_is_refused_and_not_read_to_its_end(name: str, head: bytes, limit: int) -> None:
    endless = Endless(head)
    with pytest.raises(Refused) as caught:
        checking.check(name, endless)
    assert (caught.value.status, caught.value.reasons[0].code) == (413, "file_large")
    assert endless.given == limit + 1


class Endless:
    """A sender that never stops."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given = head, 0

    def read(self, size: int = -1, /) -> bytes:
        """As much as is asked for; fails when everything is asked for."""
        assert size >= 0
        given = self.head[self.given : self.given + size].ljust(size, b"\0")
        self.given += size
        return given


@settings(max_examples=150)
@given(
    st.text(max_size=20),
    st.sampled_from(
        [b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"0000ftypisom", b"GIF8"]
    ),
    st.binary(max_size=300),
)
def test_noise_is_refused_and_nothing_worse(name: str, head: bytes, noise: bytes) -> None:
    with pytest.raises(Refused):
        check(name, head + noise)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about damaged descriptions
@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_is_taken_or_refused_and_nothing_worse(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    content = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert check("a", bytes(content)).content


WHOLE = [
    *(samples.tagged(form) for form in ("JPEG", "PNG", "WEBP")),
    samples.office(),
    samples.pdf(),
    samples.film(),
]
