"""What a person reads: one clear line, in their language, and never a stack they did not ask for."""

import argparse
import socket

import pytest

from hotline.cli import command, serving
from hotline.config.environment import SecretsMissing
from hotline.config.telling import Trouble, choose
from hotline.refusal import Reason, Refused


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """An English terminal."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """A command whose only face raises what the test puts into the list."""
    faults: list[Exception] = []

    def run(options: argparse.Namespace) -> int:
        raise faults[0]

    class Face:
        @staticmethod
        def add(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
            commands.add_parser("fail").set_defaults(run=run)

    monkeypatch.setattr(command, "_FACES", (Face,))
    return faults


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        command.main(list(arguments))
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Trouble("中", "mend it so"), "mend it so"),
        (SecretsMissing("master_key: gone"), "restore the folder secrets"),
        (FileNotFoundError(2, "No such file", "/x/y"), "/x/y: No such file"),
        (Refused(Reason("a", "first %(n)s", params={"n": 1}), Reason("b", "second")), "first 1\nsecond"),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_a_fault_is_told_in_words(
    failing: list[Exception], capsys: pytest.CaptureFixture[str], fault: Exception, words: str
) -> None:
    failing.append(fault)
    assert _run("fail") == 1
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def test_the_stack_is_there_when_asked_for(failing: list[Exception]) -> None:
    failing.append(ZeroDivisionError("oh"))
    with pytest.raises(ZeroDivisionError):
        command.main(["--debug", "fail"])


def test_ctrl_c_ends_quietly(failing: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    failing.append(KeyboardInterrupt())
    assert _run("fail") == 130
    assert capsys.readouterr().err == ""


def test_every_face_is_listed_and_misuse_is_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--help") == 0
    out = capsys.readouterr().out
    for name in ("serve", "worker", "import", "demo", "ledger", "check", "migrate", "manage"):
        assert name in out
    assert _run("nonsense") == 2


@pytest.mark.parametrize(
    ("language", "word"), [("zh_CN.UTF-8", "中"), ("en_US.UTF-8", "en"), ("C", "en"), ("zh-Hans", "中")]
)
def test_the_terminals_language_decides(monkeypatch: pytest.MonkeyPatch, language: str, word: str) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert choose("中", "en") == word


def test_a_taken_port_is_passed_over_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert serving.free_port("127.0.0.1", port) > port
    assert str(port) in capsys.readouterr().err


def test_a_free_port_is_taken_as_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert serving.free_port("127.0.0.1", port) == port
    assert capsys.readouterr().err == ""


def test_a_host_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Trouble, match="HOTLINE_HOST"):
        serving.free_port("203.0.113.1", 8345)
