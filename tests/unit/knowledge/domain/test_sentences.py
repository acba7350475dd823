"""What counts as a sentence, in several scripts."""

from __future__ import annotations

import pytest

from knowledge.domain.sentences import count_sentences


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Melden Sie sich an.", 1),
        ("Kommen Sie zu uns. Es ist kostenlos! Haben Sie Fragen?", 3),
        ("Rufen Sie an. Wir hören zu", 2),
        ("Ohne Punkt", 1),
        ("Fragen Sie z. B. im Rathaus nach Frau Dr. Meier, Tel. 112.", 1),
        ("Gehen Sie in den 2. Stock. Dort ist Zimmer 14.", 2),
        ("Rufen Sie 112. Bleiben Sie dort.", 2),
        ("Das Telefon ist +49 30 23125 02. Es ist kostenlos.", 2),
        ("Es kostet 12.50 Euro (siehe www.stadt.example).", 1),
        ("Sagen Sie: „Bitte helfen Sie mir.“ Dann warten Sie.", 2),
        ("Warten Sie … dann kommt jemand.", 1),
        ("Venez à la mairie. C'est gratuit !", 2),
        ("Приходьте без запису. Це безкоштовно! Маєте питання?", 3),
        ("سجّل عنوانك خلال أسبوعين. هل لديك موعد؟ اتصل بنا!", 3),
        ("Adresinizi kaydettirin. Ücretsizdir.", 2),
        ("کیا آپ کے پاس وقت ہے؟ ہمیں فون کریں۔", 2),
        ("እባክዎ ይደውሉ። ነጻ ነው።", 2),
        ("请来市政厅。这是免费的！", 2),
        ("Գրանցեք ձեր հասցեն։ Դա անվճար է։", 2),
    ],
)
def test_sentences_are_counted_in_several_scripts(text: str, number: int) -> None:
    assert count_sentences(text) == number
