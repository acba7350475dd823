"""Short questions after an answer, or without one."""

from __future__ import annotations

from tests.factories import article, knowledge, municipality, service, text
from tests.unit.actions.talks import Talk, payloads, words

TOPIC = "registration.address"


class TestWithoutAnAnswerBefore:
    def test_a_bare_when_asks_what_it_is_about(self) -> None:
        talk = Talk(knowledge(service(), town=municipality(information_point="office")))
        reply = talk.say("follow_up.when", "wann", ranking=((TOPIC, 0.2),))
        assert "What is it about?" in words(reply)
        assert "/help" in payloads(reply)

    def test_with_a_name_the_place_is_looked_for(self) -> None:
        talk = Talk(knowledge(service()))
        assert "Rathausplatz" in words(talk.say("follow_up.where", "where is the office", entities={"service": "office"}))


class TestAboutAPlaceThatWasShown:
    """Somebody has named a place, or pressed its button, and asks on; no topic has been spoken of."""

    def talk(self) -> Talk:
        """The place is for a crisis, so its topic does not become that of the talk."""
        return Talk(knowledge(service("light", "safety.violence", name="Nachtlicht"), service("other", "safety.violence", name="Anderes")))

    def test_when_is_about_its_hours(self) -> None:
        talk = self.talk()
        talk.say("find_service", "where is the nachtlicht", entities={"service": "light"})
        reply = words(talk.say("follow_up.when", "when is it open"))
        assert "**Nachtlicht**" in reply and "Monday – Friday" in reply

    def test_a_day_is_about_it_too_and_no_other_place_is_offered(self) -> None:
        talk = self.talk()
        talk.say("contact", "Nachtlicht", entities={"service": "light"}, pressed=True)
        reply = words(talk.say("follow_up.when", "on sunday?", entities={"day": "sunday"}))
        assert "Sunday: closed" in reply and "Anderes" not in reply

    def test_where_is_its_address(self) -> None:
        talk = self.talk()
        talk.say("contact", "Nachtlicht", entities={"service": "light"}, pressed=True)
        reply = words(talk.say("follow_up.where", "where is that"))
        assert "**Nachtlicht**" in reply and "Rathausplatz" in reply


class TestAboutAPlaceThatWasNamedAfterAnAnswer:
    def talk(self) -> Talk:
        register = article(TOPIC, title=text("Anmelden"), cost=text("Gratis.", en="Registering is free."), services=("advice",))
        course = article("language.courses", title=text("Kurse"), cost=text("2 Euro.", en="2 euros an hour."))
        places = (
            service("office", TOPIC),
            service("school", "language.courses", name="Schule"),
            service("advice", "legal.advice", name="Rat"),
        )
        talk = Talk(knowledge(register, course, *places, town=municipality(information_point="office")))
        talk.say(TOPIC)
        return talk

    def test_what_does_it_cost_is_about_the_place(self) -> None:
        talk = self.talk()
        talk.say("find_service", "where is the schule", entities={"service": "school"})
        assert "2 euros" in words(talk.say("follow_up.cost"))

    def test_a_place_of_the_answer_leaves_its_topic_alone(self) -> None:
        talk = self.talk()
        talk.say("contact", "Rat", entities={"service": "advice"}, pressed=True)
        assert "Registering is free." in words(talk.say("follow_up.cost"))

    def test_a_look_at_a_place_does_not_end_a_crisis(self) -> None:
        talk = self.talk()
        talk.say("safety.violence", "he beats me")
        talk.say("find_service", "where is the schule", entities={"service": "school"})
        assert talk.slots["topic"] == "safety.violence"


class TestATopicWithoutAnArticle:
    """The places know more than that nobody has written an answer."""

    def known(self, **fields: str) -> Talk:
        talk = Talk(knowledge(service("course", "language.courses", name="Kurs", **fields)))
        talk.say("language.courses")
        return talk

    def test_the_cost(self) -> None:
        assert "50 Euro" in words(self.known(fees="50 Euro").say("follow_up.cost"))
        assert "It is free." in words(self.known().say("follow_up.cost"))

    def test_the_papers(self) -> None:
        assert "- Ausweis" in words(self.known(required_documents="Ausweis").say("follow_up.documents"))

    def test_simpler_words_are_what_the_place_does_and_how_to_come(self) -> None:
        talk = self.known(description="Deutsch lernen.", application_process="Einfach kommen.")
        assert "Einfach kommen." in words(talk.say("repeat", "simpler"))

    def test_what_nobody_knows_is_said_to_be_unknown_with_the_place_to_ask(self) -> None:
        reply = words(self.known().say("follow_up.documents"))
        assert "The city has written nothing about that" in reply
        assert "☎" in reply


class TestForSomebodyElse:
    def talk(self) -> Talk:
        school = article("schools.enrol", title=text("Schule"), answer=text("Schule.", en="School."), other_person=text("Ab 15."))
        nursery = article("schools.childcare", title=text("Kita"), answer=text("Kita.", en="Nursery."))
        talk = Talk(knowledge(school, nursery, service()))
        talk.say("schools.enrol")
        return talk

    def test_a_child_too_young_for_school_is_a_matter_of_day_care(self) -> None:
        assert "Nursery." in words(self.talk().say("follow_up.other_person", "and my daughter 3 years old?", entities={"age": "3"}))

    def test_an_age_that_fits_stays_with_the_topic(self) -> None:
        assert "Ab 15." in words(self.talk().say("follow_up.other_person", "and my son, 15?", entities={"age": "15"}))


def test_what_is_answered_is_not_offered_beside_the_answer() -> None:
    papers = article("registration.documents", title=text("Papiere"), answer=text("Pass."))
    talk = Talk(knowledge(papers, article(TOPIC), service()))
    ranking = (("follow_up.documents", 0.5), ("registration.documents", 0.3), (TOPIC, 0.1))
    offered, answer = talk.say("registration.documents", "شو الاوراق", ranking=ranking)
    assert payloads([offered]) == [f'/choose{{"topic": "{TOPIC}"}}']
    assert "Pass." in words([answer])


class TestAnAppointment:
    """ "I need an appointment", said after an answer."""

    def talk(self) -> Talk:
        general = article("registration.appointment", title=text("Termin", en="Appointment"), services=("office",))
        permit = article(
            "registration.residence_permit",
            title=text("Erlaubnis"),
            where=text("Nur mit Termin.", en="By appointment only."),
            services=("migration",),
        )
        places = service("office", TOPIC), service("migration", "registration.residence_permit", name="Ausländerbehörde")
        return Talk(knowledge(article(TOPIC, title=text("Anmelden"), services=("office",)), general, permit, *places))

    def test_is_made_at_the_office_that_was_talked_about_with_the_general_answer_a_tap_away(self) -> None:
        talk = self.talk()
        talk.say("registration.residence_permit")
        reply = talk.say("registration.appointment", "i need an appointment")
        assert "By appointment only." in words(reply) and "Ausländerbehörde" in words(reply)
        assert payloads(reply)[0] == '/choose{"topic": "registration.appointment"}'
        assert talk.slots["topic"] == "registration.residence_permit"

    def test_is_the_general_one_for_an_answer_of_the_same_office(self) -> None:
        talk = self.talk()
        talk.say(TOPIC)
        assert "**Appointment**" in words(talk.say("registration.appointment", "i need an appointment"))

    def test_is_the_general_one_where_the_office_is_named_or_much_is_said(self) -> None:
        talk = self.talk()
        talk.say("registration.residence_permit")
        named = talk.say("registration.appointment", "termin im bürgerbüro", entities={"service": "office"})
        assert "**Appointment**" in words(named)
        talk.say("registration.residence_permit")
        assert "**Appointment**" in words(talk.say("registration.appointment", "how do i get an appointment to register my flat"))

    def test_is_the_general_one_for_whoever_presses_its_button(self) -> None:
        talk = self.talk()
        talk.say("registration.residence_permit")
        pressed = talk.say("choose", "Appointment", entities={"topic": "registration.appointment"}, pressed=True)
        assert "**Appointment**" in words(pressed)
