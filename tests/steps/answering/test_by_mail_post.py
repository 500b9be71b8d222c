"""The same through a real post: the mail a handläggare gets is answered by mail, and the citizen gets the letter."""

from dataclasses import replace

from ingest.intake import Intake
from service.demo.servers import OWN_SERVER
from tests.rules.town import a_town, text_of


def test_a_reply_to_the_delivered_mail_reaches_the_citizen_in_the_municipalitys_frame(tmp_path) -> None:
    with a_town("osby", tmp_path) as town:
        town.stages = replace(town.stages, parse=Intake(own_servers=(OWN_SERVER,)))
        letter = town.write()
        letter.route()
        letter.assign(accepted=False)
        hans = town.handlaggare.email
        told = town.mails(hans)[-1]
        assert "#svar" in text_of(told)
        town.write(
            "Lampan byts på torsdag.\n\n> Du har fått ett ärende att ta hand om.",
            sender=hans,
            to=told["Reply-To"],
            subject=f"#svar [{letter.case.number}]",
        )
        assert "Lampan byts på torsdag." in letter.last
        assert "Hans Vik, gatuingenjör" in letter.last.replace("\n", ", ")
        assert "Du har fått ett ärende" not in letter.last
        assert town.mails(hans)[-1]["Subject"].startswith("Ditt svar är mottaget")
        before = letter.answers
        town.post.deliver(
            b"From: hans@osby.example\r\nTo: " + str(told["Reply-To"]).encode() + b"\r\nSubject: #svar\r\n"
            b"Message-ID: <falsk@tjuv.example>\r\n\r\nVi struntar i det.\r\n",
            envelope_from="tjuv@tjuv.example",
        )
        town._delivered = True
        town.run()
        assert len(letter.answers) == len(before)
        assert "kunde inte bekräfta" in text_of(town.mails(hans)[-1])
