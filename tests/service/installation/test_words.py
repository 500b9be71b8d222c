"""What letters say the municipality promises is what its profile promises, and no more."""

from cases.promises import Counting, Promise, PromiseKind
from service.installation.words import promise_sentence, promise_sentence_en

ANSWER = Promise(PromiseKind.ANSWER, 3, Counting.WORKING)
STATUS = Promise(PromiseKind.STATUS, 10, Counting.CALENDAR)


def test_each_promise_is_told_in_its_own_days() -> None:
    assert promise_sentence([STATUS], delay_notice=False) == "Inom tio dagar får du veta hur det går med ditt ärende."
    said = promise_sentence_en([STATUS], delay_notice=False)
    assert said == "Within ten days we will tell you how your case is going."


def test_word_of_a_delay_is_promised_only_where_the_profile_sends_it() -> None:
    assert promise_sentence([ANSWER], delay_notice=False) == "Vi svarar dig inom tre arbetsdagar."
    assert promise_sentence([ANSWER], delay_notice=True).endswith("får du veta det, och vem som har hand om ärendet.")
    assert promise_sentence_en([ANSWER], delay_notice=False) == "We will answer you within three working days."
    assert promise_sentence_en([ANSWER], delay_notice=True).endswith("so, and who is dealing with your case.")
