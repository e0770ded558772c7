"""What was typed survives its way through the server, and makes the right appeal."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.form.typed import WORDS, Photo, Typed, from_json, step_of, to_appeal, up_to
from hotline.refusal import Reason

WRITABLE = st.text(st.characters(codec="utf-8"), max_size=30)


@given(st.dictionaries(st.sampled_from(WORDS), WRITABLE), st.lists(st.tuples(WRITABLE, WRITABLE), max_size=3))
def test_sealed_form_comes_back_as_typed(posted: dict[str, str], photos: list[tuple[str, str]]) -> None:
    typed = Typed("430700", photos=tuple(Photo(*photo) for photo in photos)).with_words(posted)
    assert from_json(typed.to_json()) == typed


def test_what_is_not_posted_stays() -> None:
    typed = Typed("430700", text="路灯不亮").with_words({"place": "解放路"})
    assert (typed.text, typed.place) == ("路灯不亮", "解放路")


def test_a_text_far_too_long_is_kept_whole() -> None:
    assert len(Typed("430700").with_words({"text": "灯" * 100_000}).text) == 100_000


def test_an_unknown_privacy_changes_nothing() -> None:
    assert Typed("430700").with_words({"privacy": "public"}).privacy == "secret"


def test_the_three_ways_of_privacy() -> None:
    told = {
        privacy: to_appeal(Typed("1", privacy=privacy), language="en", idempotency_key="k")
        for privacy in ("secret", "open", "anonymous")
    }
    assert {privacy: (form.secret, form.anonymous) for privacy, form in told.items()} == {
        "secret": (True, False),
        "open": (False, False),
        "anonymous": (True, True),
    }


def test_place_and_detail_are_one_place() -> None:
    form = to_appeal(Typed("1", place="解放路", more="第二根灯杆"), language="zh-hans", idempotency_key="k")
    assert form.place == "解放路，第二根灯杆"


def test_reasons_belong_to_the_step_that_can_mend_them() -> None:
    reasons = [Reason("a", "…", "text"), Reason("b", "…", "phone"), Reason("c", "…")]
    assert [step_of(reason) for reason in reasons] == [1, 3, 3]
    assert up_to(reasons, 2) == reasons[:1]
