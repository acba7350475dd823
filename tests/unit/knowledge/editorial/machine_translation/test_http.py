"""Machine translation by a real service on this machine, which breaks what a service can break."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from knowledge.domain.locked_words import LockedWords
from knowledge.editorial.machine_translation import HttpTranslator, NullTranslator, Translator, TranslatorError
from tests.unit.knowledge.editorial.machine_translation.service import Service, running

LOCKED = LockedWords(["Bürgerbüro", "Rathausplatz 1"])


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with running(Service()) as found:
        yield found


def translator(service: Service, *, key: str | None = None, timeout: float = 5.0, tries: int = 3) -> HttpTranslator:
    return HttpTranslator(service.url, key, timeout, LOCKED, tries=tries, pause=0.01)


async def ask(service: Service, *texts: str) -> list[str]:
    return await translator(service).translate(list(texts), "de", "en")


class TestTheInterface:
    async def test_the_request_is_the_one_that_libretranslate_knows(self, service: Service) -> None:
        assert await translator(service, key="secret").translate(["kommen sie"], "de", "en") == ["KOMMEN SIE"]
        assert service.asked == [{"q": ["kommen sie"], "source": "de", "target": "en", "format": "text", "api_key": "secret"}]

    async def test_without_a_key_none_is_sent(self, service: Service) -> None:
        await ask(service, "kommen sie")
        assert "api_key" not in service.asked[0]

    async def test_many_texts_come_back_in_their_order_and_equal_ones_are_asked_once(self, service: Service) -> None:
        texts = [f"text {number} {'x' * 300}" for number in range(40)] * 2
        assert await ask(service, *texts) == [text.upper() for text in texts]
        assert len(service.sent) == 40
        assert all(len(request["q"]) <= 25 and sum(map(len, request["q"])) <= 4000 for request in service.asked)

    async def test_nothing_to_translate_asks_nobody(self, service: Service) -> None:
        texts = ["", "\n\n", "Bürgerbüro", "112", "https://stadt.example", "- Rathausplatz 1"]
        assert await ask(service, *texts) == texts
        assert service.asked == []

    async def test_both_translators_are_translators(self, service: Service) -> None:
        def fits(one: Translator) -> Translator:
            return one

        assert fits(NullTranslator())
        assert fits(translator(service))

    async def test_none_configured_is_said(self) -> None:
        with pytest.raises(TranslatorError) as raised:
            await NullTranslator().translate(["a"], "de", "en")
        assert (raised.value.key, raised.value.permanent) == ("translator.none", True)

    @pytest.mark.parametrize("url", ["", "ftp://x/translate", "translate", "https://", "file:///etc/passwd"])
    def test_an_address_that_is_none_of_the_web_is_refused(self, url: str) -> None:
        with pytest.raises(ValueError, match="https"):
            HttpTranslator(url)

    def test_the_key_is_not_shown(self) -> None:
        assert "secret" not in repr(HttpTranslator("https://x.example/translate", "secret"))


class TestLinesAndMarks:
    async def test_lines_lists_and_headings_stay(self, service: Service) -> None:
        text = "# kommen\n\n- anrufen  \n  2. schreiben\n> gut\n***"
        assert await ask(service, text) == ["# KOMMEN\n\n- ANRUFEN  \n  2. SCHREIBEN\n> GUT\n***"]
        assert service.sent == ["kommen", "anrufen", "schreiben", "gut"]

    async def test_an_answer_with_line_breaks_stays_one_line(self, service: Service) -> None:
        service.mangle = lambda text: f"{text}\n\n{text} "
        assert await ask(service, "eins\nzwei") == ["eins eins\nzwei zwei"]


class TestProtectedWords:
    TEXT = "das Bürgerbüro, Rathausplatz 1, hilft: 030 2312500, info@stadt.example, https://stadt.example/x."
    WHOLE = "DAS Bürgerbüro, Rathausplatz 1, HILFT: 030 2312500, info@stadt.example, https://stadt.example/x."

    async def test_names_and_contacts_never_reach_the_service_and_come_back(self, service: Service) -> None:
        assert await ask(service, self.TEXT) == [self.WHOLE]
        assert not re.search(r"Bürgerbüro|Rathausplatz|2312500|info@|https", " ".join(service.sent))

    async def test_a_service_that_changes_the_case_of_placeholders_breaks_nothing(self, service: Service) -> None:
        service.mangle = str.lower
        assert await ask(service, "Das Bürgerbüro HILFT") == ["das Bürgerbüro hilft"]

    async def test_a_service_that_puts_spaces_into_placeholders_breaks_nothing(self, service: Service) -> None:
        service.mangle = lambda text: re.sub(r"(QX)(\d)(XQ)", r"\1 \2 \3", text)
        assert await ask(service, "das Bürgerbüro hilft") == ["das Bürgerbüro hilft"]

    @pytest.mark.parametrize("instead", ["", "QX", "QX99XQ", r"\g<0> \g<0>"])
    async def test_a_service_that_loses_or_doubles_placeholders_loses_no_name(self, service: Service, instead: str) -> None:
        service.mangle = lambda text: re.sub(r"QX\d+XQ", instead, text).upper()
        assert await ask(service, self.TEXT, "nur worte") == [self.WHOLE, "NUR WORTE"]

    async def test_words_of_the_other_texts_are_asked_once_all_the_same(self, service: Service) -> None:
        service.mangle = lambda text: re.sub(r"QX\d+XQ", "", text).upper()
        await ask(service, "das Bürgerbüro hilft", "nur worte")
        assert service.sent.count("nur worte") == 1


class TestFailures:
    @pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
    async def test_what_fails_for_now_is_tried_again(self, service: Service, status: int) -> None:
        service.answers = [status, status]
        assert await ask(service, "kommen") == ["KOMMEN"]
        assert len(service.asked) == 3

    @pytest.mark.parametrize(("status", "key"), [(429, "translator.busy"), (500, "translator.unavailable")])
    async def test_what_goes_on_failing_is_told_as_passing(self, service: Service, status: int, key: str) -> None:
        service.answers = [status] * 9
        with pytest.raises(TranslatorError) as raised:
            await ask(service, "kommen")
        assert (raised.value.key, raised.value.permanent, raised.value.fields) == (key, False, {"tries": 3})
        assert len(service.asked) == 3

    async def test_the_pause_that_the_service_asks_for_is_kept(self, service: Service) -> None:
        service.answers, service.headers = [429], {"Retry-After": "1"}
        from time import monotonic

        begin = monotonic()
        await ask(service, "kommen")
        assert monotonic() - begin >= 1

    @pytest.mark.parametrize(
        ("status", "key"), [(400, "refused"), (403, "key"), (401, "key"), (404, "refused"), (302, "refused"), (204, "refused")]
    )
    async def test_what_no_second_try_can_mend_is_told_at_once(self, service: Service, status: int, key: str) -> None:
        service.answers, service.headers = [status], {"Location": service.url}
        with pytest.raises(TranslatorError) as raised:
            await ask(service, "kommen")
        assert (raised.value.key, raised.value.permanent) == (f"translator.{key}", True)
        assert len(service.asked) == 1

    async def test_a_service_that_does_not_answer_is_given_up(self, service: Service) -> None:
        service.answers = [5.0, 5.0]
        with pytest.raises(TranslatorError) as raised:
            await translator(service, timeout=0.2, tries=2).translate(["kommen"], "de", "en")
        assert (raised.value.key, raised.value.permanent) == ("translator.unavailable", False)

    async def test_nobody_there_is_told_as_passing(self, unused_tcp_port: int) -> None:
        gone = HttpTranslator(f"http://127.0.0.1:{unused_tcp_port}/translate", tries=2, pause=0.01)
        with pytest.raises(TranslatorError) as raised:
            await gone.translate(["kommen"], "de", "en")
        assert (raised.value.key, raised.value.permanent) == ("translator.unavailable", False)

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"<html>", b"[]", b"null", b"{}", b'{"error": "no"}', b'{"translatedText": []}', b'{"translatedText": ["a", "b"]}',
            b'{"translatedText": [1]}', b'{"translatedText": [" "]}', b'{"translatedText": null}', b"\xff\xfe", b'{"translatedText": ["a"',
        ],
    )  # fmt: skip
    async def test_an_answer_that_is_none_is_told(self, service: Service, body: bytes) -> None:
        service.answers = [body]
        with pytest.raises(TranslatorError) as raised:
            await ask(service, "kommen")
        assert (raised.value.key, raised.value.permanent) == ("translator.bad_answer", True)

    async def test_an_answer_without_end_is_not_read_to_its_end(self, service: Service) -> None:
        service.answers = [b'{"translatedText": ["' + b"x" * 3_000_000 + b'"]}']
        with pytest.raises(TranslatorError, match="bad_answer"):
            await ask(service, "kommen")

    async def test_one_text_may_come_back_without_a_list(self, service: Service) -> None:
        service.answers = [b'{"translatedText": "COME"}']
        assert await ask(service, "kommen") == ["COME"]

    async def test_no_error_carries_the_texts_or_the_key(self, service: Service) -> None:
        for answer in (400, 403, b"{}", 500):
            service.answers = [answer] * 3
            with pytest.raises(TranslatorError) as raised:
                await translator(service, key="secret").translate(["vertrauliche worte"], "de", "en")
            assert "worte" not in str(raised.value)
            assert "secret" not in str(raised.value)
