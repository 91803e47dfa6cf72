"""Which quantities need a claim: red, amber or silent, by rules that are data."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from scheduler.content.checks import load_lint_pack
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.quantities.claim_values import ClaimFigures, canonical, figures_of, stray_numbers
from scheduler.content.quantities.quantity_rules import QuantityRules, load_quantity_rules
from scheduler.content.quantities.tiers import QuantityJudge
from scheduler.content.quantities.verdict import Reason, Tier, Verdict
from scheduler.domain.canonical_text import PlainText, countable, seen_in_post
from scheduler.domain.claim import ClaimSource
from scheduler.domain.printed import Printed, places_of
from tests.support.checks_factory import claim

ROOT = Path(__file__).parents[2]
LINT = ROOT / "config" / "lint"
SHIPPED = {
    "human-trafficking-prevention": ROOT,
    "domestic-violence-awareness": ROOT / "scheduler/examples/domestic-violence-awareness",
    "hispanic-heritage": ROOT / "scheduler/examples/hispanic-heritage",
}
DAYS = frozenset({Fraction(32)})


@cache
def rules(language: str) -> QuantityRules:
    found, findings = load_quantity_rules(LINT, language)
    assert found, findings
    pack, of_pack = load_lint_pack(LINT / "human-trafficking.toml")
    assert [] == [*findings, *of_pack]
    assert pack.quantities
    return found.with_words([pack.quantities])


def judged(text: str, language: str = "en", claims: tuple[ClaimFigures, ...] = ()) -> list[Verdict]:
    judge = QuantityJudge(rules(language), language, 2027, DAYS)
    return list(judge.judge(countable(seen_in_post(PlainText(text))).text, claims))


def worst(text: str, language: str = "en") -> Tier:
    tiers = {v.tier for v in judged(text, language)}
    return next((tier for tier in (Tier.RED, Tier.AMBER) if tier in tiers), Tier.SILENT)


@pytest.mark.parametrize(
    "text",
    [
        "Meet at 350 5th Avenue, Suite 21, or in room 204B.",
        "Take the 42 bus, or bus 17, and get off at 1600 Elm, next to the bakery.",
        "Call the office at 555-0142 and ask for extension 214.",
        "Add 2 cups of flour and 16 ounces of beans, and bake for 45 minutes at 350 degrees.",
        "Print it at 18 by 24 inches, in 14-point type, on 240 pages.",
        "The hall seats 120, and tickets are $15.",
        "He has sung here for 31 years.",
        "Turn onto County Road 18, or sing hymn number 214 from row 15.",
        "Bring a 50-foot hose and 200 yards of yarn, and cut 16 strips.",
    ],
)
def test_measures_of_things_say_nothing_of_anybody(text: str) -> None:
    """Streets, rooms, rides, numbers to dial, recipes, print, prices; a length or a weight only where no person is
    spoken of."""
    assert [] == [v for v in judged(text) if v.tier is not Tier.SILENT]
    assert Tier.AMBER is worst("The women walked 13 miles.")
    assert Tier.AMBER is worst("The fence is 340 meters long.")
    assert Tier.AMBER is worst("A gull has five grams of plastic in it.")
    assert Tier.RED is worst("On road 300 women were found.")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_rules_bring_as_examples(language: str) -> None:
    """Each entry of the list lets its good sentences pass, and what only looks like them is still found."""
    for entry in rules(language).words.silent:
        assert entry.good, entry.name
        assert entry.bad, entry.name
        for text in entry.good:
            assert Tier.SILENT is worst(text, language), (entry.name, text)
        for text in entry.bad:
            assert Tier.SILENT is not worst(text, language), (entry.name, text)


@pytest.mark.parametrize(
    "text",
    [
        "83% of victims are citizens.",
        "Eighty-three percent of all calls come from women.",
        "Fewer than 2% ever escape.",
        "One in three women has been hit by a partner.",
        "1 of every 4 girls is abused.",
        "⅔ of the survivors never called.",
        "Two thirds of the patients were smokers.",
        "A third of drivers admit that they text.",
        "Half of all victims are children.",
        "Half the families lost their home.",
        "Every 30 seconds someone is sold.",
        "Every nine seconds a woman is assaulted.",
        "A child dies of it every minute.",
        "Girls are sold ten times a night.",
        "79 people die a day.",
        "It is the second largest criminal industry in the world.",
        "Trafficking is second only to drugs.",
        "Atlanta is the number one hub for trafficking.",
        "Texas ranks third for deaths by heat.",
        "It is the fastest-growing crime.",
        "More people are enslaved now than ever.",
        "Heart disease is the leading cause of death among women.",
        "The average age of entry is 12 to 14.",
        "On average, a victim leaves seven times.",
        "Life expectancy is seven years after entering prostitution.",
        "Thousands of women are killed.",
        "Tens of thousands of Latinos lost their homes.",
        "Dozens of children drowned here last summer.",
        "Most victims know their trafficker.",
        "Nearly all survivors were abused as children.",
        "The vast majority of cases go unreported.",
        "All victims are women.",
        "None of the victims were citizens.",
        "Three hundred thousand children are sold.",
        "300K kids are exploited.",
        "It is a $32 billion business.",
        "Traffickers make $150B a year.",
        "Calls tripled during the pandemic.",
        "There was a 32-fold rise in reports.",
        "Twice as many women as men die of it.",
        "3.5 million workers have no shade.",
        "313,000 victims live in Texas.",
        "Zero children were hurt.",
        "Hunger affects 1 in 8 households.",
        "Suicide is the tenth most common cause of death.",
        "٢٧ people came.",
        "3OO people came.",
        "There were 3 0 0 , 0 0 0 victims.",
        "#1in3 women",
        "A woman in eight will get cancer.",
        "Three of four victims are under 18.",
        "In the time it takes to read this, three people are sold.",
        "Overdose deaths are at an all-time high.",
        "1.5 M people are stalked.",
        "Three women are killed each day.",
        "Eighty (80) percent of victims are women.",
        "Every single minute, someone is hurt by a partner.",
        "We know that 300,000 children are sold.",
        "1 kid in 5 goes hungry.",
        "A third of them are boys.",
        "Victims are as young as nine.",
        "Heat kills more people than any other weather.",
        "Domestic violence claims three lives a day.",
        "Most volunteers never ask.",
        "A tiny fraction of owners pay.",
        "½ of all technicians sleep at work.",
        "It is twice as common among teachers.",
        "Recruiters charge one worker in five twice.",
    ],
)  # fmt: skip
def test_statistics_without_a_claim_are_red(text: str) -> None:
    assert Tier.RED is worst(text)


@pytest.mark.parametrize(
    "text",
    [
        "Una de cada tres mujeres sufre violencia.",
        "Cada 30 segundos una niña es vendida.",
        "La mayoría de las víctimas son mujeres.",
        "Hay 27,6 millones de personas en trabajo forzoso.",
        "Es el segundo delito más rentable del mundo.",
        "La edad promedio es de 12 años.",
        "Miles de niñas desaparecen.",
        "El doble de casos que el año pasado.",
        "Dos terceras partes son mujeres.",
        "Los tratantes ganan 236 mil millones de dólares.",
        "12.345 personas fueron vendidas.",
        "Cero víctimas fueron identificadas.",
        "Una mujer de cada ocho tendrá cáncer.",
        "Texas ocupa el segundo lugar en casos de trata.",
        "El suicidio es la segunda causa de muerte entre jóvenes.",
        "Todas las víctimas son mujeres.",
    ],
)
def test_statistics_in_spanish_are_red(text: str) -> None:
    assert Tier.RED is worst(text, "es")


@pytest.mark.parametrize(
    "text",
    [
        "Cases came from 39 offices.",
        "The officers located 39 missing children.",
        "In 75 countries there is such a day.",
        "The gift is $25.",
        "The law is for people under 18.",
        "Use 20% less paper.",
        "Hundreds of lanterns will float on the lake.",
        "Last October, 200 people walked with us.",
        "10² people",
        "The bridge is fifteen miles long.",
        "There are 50 seats.",
        "Half never ask.",
        "A truck is filled every minute.",
        "The net weighs 88 pounds of plastic.",
        "Ana, 19, made the beds.",
        "In all 640 shops closed.",
        "It is the largest bank in the county.",
    ],
)
def test_other_numbers_are_amber(text: str) -> None:
    assert Tier.AMBER is worst(text)


GOOD = [
    # a hand and an ear
    "Many people never tell anyone.",
    "Several families asked us for a list.",
    "Few victims are asked what they need.",
    "Survivors often say that one person believed them.",
    "Some people leave by themselves.",
    # what the campaign does
    "Two things you can do today.",
    "Take five minutes to save the number.",
    "It takes half an hour to set up the table.",
    "Here are three questions to ask a landlord.",
    "Step 2: call the office before 5 p.m.",
    "Day 12 of 32",
    "We will send 32 notes, one a day.",
    "Meet us at 10:30 a.m. on Saturday, October 11.",
    "The line is open 24 hours a day, seven days a week.",
    "Call 1-800-799-7233 or text 88788.",
    "In an emergency, call 911.",
    "You can reach 988 by phone or text.",
    "The walk begins at 120 Main Street.",
    "Turn to page 14 of the guide.",
    "See section 7102 of title 22.",
    "In 1865 Congress sent the amendment to the states.",
    "Since 1987, October has been the month for it.",
    "The 13th Amendment came later.",
    "Juneteenth and the Fourth of July are both about freedom.",
    # words that only look like figures
    "No one has to do this alone.",
    "One of us will answer you.",
    "First of all, listen.",
    "Give it a second look.",
    "Once you are safe, write down what happened.",
    "At most, ask one question.",
    "Most of all, believe them.",
    "For the most part, that is a good sign.",
    "All are welcome.",
    "All survivors deserve to be believed.",
    "All children should be safe at home.",
    "We thank all parents who came.",
    "A thousand thanks to the kitchen crew.",
    "A picture is worth a thousand words.",
    "The most important thing is to ask.",
    "The other half of the room can listen.",
    "Ask your biggest supplier about its workers.",
    "Double-check the address with the family.",
    "Every survivor's path is different.",
    "Every person can learn the signs.",
    "Each child needs one safe adult.",
    "Every second Tuesday we meet at the library.",
    "Zero tolerance is not a plan.",
    "Top of the page: the number for help.",
    "She is one in a million.",
    "A first-time visitor gets a map.",
    "Love146 has a guide for parents.",
    # other causes
    "Drink water before you are thirsty, and rest in the shade.",
    "Check the battery of your smoke alarm twice a year.",
    "Join the 5K walk in honor of patients.",
    "Lay the baby on its back in a crib of its own.",
    "Ask about the lump; a doctor would rather look twice.",
    "Bring two cans to the pantry, and a friend.",
    "Say the names of the five countries in class.",
    "Put the phone in the back seat when you drive.",
    "Ages 16 and up are welcome at the talk.",
    "Hang the poster on 8.5 x 11 paper.",
    "Stay three feet away from the stove.",
    "Read chapter 3, pages 12 to 18.",
    "This is email 4 of 30.",
    "Reply STOP to 55555 to end texts.",
    "It calls on every one of them: families, schools, churches.",
    "All calls are free.",
    "All victims have rights.",
    "Two survivors wrote this page.",
    "Keep children three feet from the grill.",
    "In 1976, ten women met in a church basement.",
    "None of this is your fault.",
    # how much of something is at hand
    "Walk fifteen miles with us.",
    "The walk is 4.2 miles, most of it flat.",
    "Stay 50 yards from the nesting fence.",
    "Print one before you print fifty.",
    "The quiet room is 214.",
    "Stir the stock every five minutes.",
    "Dozens of folding chairs go back to the fire hall.",
    "You feel like a million bucks today.",
    "Half for the wall, half for the window.",
    "Bring the dish to 1250 Route 9.",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_sentences_are_left_alone(text: str) -> None:
    """No finding at all: a rule that accuses them would soon be switched off."""
    assert [] == [(v.quantity.words, v.tier, v.reason) for v in judged(text) if v.tier is not Tier.SILENT]


@pytest.mark.parametrize(
    "text",
    [
        "Muchas personas nunca lo cuentan.",
        "Tome cinco minutos para guardar el número.",
        "Llame al 1-888-373-7888 o envíe un mensaje de texto al 233733.",
        "Las 24 horas, los 7 días.",
        "El 11 de enero de 2027 nos vemos a las 10:00 a.m.",
        "Mil gracias por leer.",
        "Todas las personas merecen respeto.",
        "Es un cuarto de hora.",
        "Por medio de esta línea puede pedir ayuda.",
        "La mayoría de edad es otra cosa.",
        "Cada persona decide.",
        "Lea la página 12 y el artículo 3.",
        "En primer lugar, escuche.",
        "Una vez que esté a salvo, escriba.",
    ],
)
def test_good_sentences_in_spanish_are_left_alone(text: str) -> None:
    assert [] == [(v.quantity.words, v.tier, v.reason) for v in judged(text, "es") if v.tier is not Tier.SILENT]


# -- beside a claim ---------------------------------------------------------------------------------------------------

FORCED = claim(
    "forced",
    text="27.6 million people were in forced labor on any given day in 2021",
    numbers=["27.6 million"],
    measure="people in forced labor on any given day",
    population="all ages",
    place="worldwide",
    period="2021",
)
PROFITS = claim(
    "profits",
    text="73% of the illegal profits came from forced commercial sexual exploitation",
    numbers=["73%"],
    measure="share of the illegal profits from forced labor in the private economy",
    place="worldwide",
    period="2021",
)
SHARE = claim(
    "share",
    text="23% of the people in forced labor were in forced commercial sexual exploitation",
    measure="share of people in forced labor",
    population="people in forced labor, all ages",
    place="worldwide",
    period="2021",
)
GIRLS = claim("girls", text="1 in 4 girls experiences sexual abuse", place="United States", period="2022")
LIFE = claim("life", text="1 in 9 nurses will be diagnosed with it in her lifetime", measure="nurses")
RARE = claim("rare", text="1 in 70 strokes is that of a man", measure="strokes")
BEDS = claim("beds", text="the shelter has 24 beds", measure="beds")
CLAIMS = tuple(figures_of(c, "en") for c in (FORCED, PROFITS, SHARE, GIRLS, BEDS, LIFE, RARE))


@pytest.mark.parametrize(
    "text",
    [
        "Worldwide, 27.6 million people are in forced labor on any given day.",
        "27,600,000 people were in forced labor in 2021.",
        "About 27.6 million persons were in forced labor.",
        "23 percent of the people in forced labor are in commercial sexual exploitation.",
        "Of the illegal profits, 73% came from commercial sex.",
        "A quarter of girls are abused.",
        "25% of girls experience it.",
        "1 in 4 people who are girls experiences it.",
    ],
)
def test_a_claim_carries_its_figure_however_it_is_written(text: str) -> None:
    found = judged(text, "en", CLAIMS)
    assert [(Tier.SILENT, Reason.CARRIED)] == [(v.tier, v.reason) for v in found]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("73% of the people are in sexual exploitation.", Reason.OTHER_MEASURE),
        ("23% of trafficking victims are in commercial sex.", Reason.OTHER_POPULATION),
        ("27.6 million children are in forced labor.", Reason.OTHER_POPULATION),
        ("The house gave 24 women a bed.", Reason.OTHER_POPULATION),
        ("1 in 9 nurses has it today.", Reason.OTHER_PERIOD),
        ("1 in 70 men has a stroke.", Reason.OTHER_MEASURE),
        ("27.6 million people are taken each year.", Reason.OTHER_MEASURE),
        ("27.6 million people were in forced labor in 2024.", Reason.OTHER_PERIOD),
        ("27.6 million people were in forced labor last year.", Reason.OTHER_PERIOD),
        ("27.6 million people are in forced labor in the United States.", Reason.OTHER_PLACE),
        ("1 in 4 people who call experiences it.", Reason.OTHER_POPULATION),
        ("In Georgia, 1 in 4 girls experiences it.", Reason.OTHER_PLACE),
        ("More than 27.6 million people were in forced labor.", Reason.OTHER_VALUE),
        ("1 in 4 boys experiences it.", Reason.OTHER_POPULATION),
        ("26.7 million people are in forced labor.", Reason.NO_CLAIM),
    ],
)
def test_a_figure_is_not_hung_on_something_else(text: str, reason: Reason) -> None:
    """The right number beside another measure, population, place or period is a false figure."""
    assert [(Tier.RED, reason)] == [(v.tier, v.reason) for v in judged(text, "en", CLAIMS)]


def test_a_claim_is_compared_across_languages() -> None:
    """By value: the Spanish edition's sentence against the claim's Spanish words, or its English ones."""
    spanish = claim("forced", text="27.6 millones de personas estaban en trabajo forzoso", place="en todo el mundo")
    for record, language in ((spanish, "es"), (FORCED, "en")):
        (found,) = judged("Hay 27,6 millones de personas en trabajo forzoso.", "es", (figures_of(record, language),))
        assert (Tier.SILENT, Reason.CARRIED, "forced") == (found.tier, found.reason, found.claim)
    for text, reason in (
        ("Hay 27,6 millones de niñas en trabajo forzoso.", Reason.OTHER_POPULATION),
        ("En los Estados Unidos hay 27,6 millones de personas en trabajo forzoso.", Reason.OTHER_PLACE),
    ):
        (found,) = judged(text, "es", (figures_of(FORCED, "en"),))
        assert (Tier.RED, reason) == (found.tier, found.reason)


def test_years_of_the_source_are_years_of_the_claim() -> None:
    source = ClaimSource("Global Estimates 2022", "ILO", "https://ilo.test", "2022-09", date(2026, 1, 1))
    dated = figures_of(
        claim("c", text="27.6 million people were in forced labor", period="2016 to 2021", source=source), "en"
    )
    assert {2016, 2018, 2021, 2022} <= dated.years


def test_small_numbers_are_no_question_of_claims() -> None:
    """ "Two reports" beside a claim that says two of something else."""
    two = figures_of(claim("two", text="two million people fled in two weeks"), "en")
    assert [Tier.SILENT] == [v.tier for v in judged("Read two reports.", "en", (two,))]


def test_numbers_of_the_program_itself_are_known() -> None:
    """The days of the season; beside people they are a count like any other."""
    assert Reason.KNOWN is judged("Thirty-two notes, one a day")[0].reason
    assert [Tier.AMBER] == [v.tier for v in judged("32 children came.")]


@pytest.mark.parametrize("name", SHIPPED)
def test_no_claim_that_is_shipped_is_accused_of_its_own_words(name: str) -> None:
    """Nor do its numbers say something else than its text."""
    found, _ = load_campaign(SHIPPED[name], name)
    assert found
    assert len(found.claims) >= 5
    for one in found.claims.values():
        assert [] == list(stray_numbers(one, "en")), one.id
        own = (figures_of(one, "en"),)
        assert [] == [v for v in judged(one.text, "en", own) if v.tier is not Tier.SILENT], one.id


@pytest.mark.parametrize(
    "text",
    [
        "That is 27.6 million people: workers, parents, neighbors.",
        "Where does 27.6 million come from?",
        "27.6 million is a count of people, not of cases.",
        "The report of 2026 counts 27.6 million people in forced labor in 2021.",
        "One in four girls is sexually abused in the United States.",
        "Twenty-three percent of those in forced labor were exploited for sex.",
        "1 in 4 girls experience it; boys are asked less often.",
    ],
)
def test_a_claim_may_be_put_in_other_words(text: str) -> None:
    assert [] == [(v.quantity.words, v.detail) for v in judged(text, "en", CLAIMS) if v.tier is not Tier.SILENT]


def test_a_typing_mistake_in_a_claims_numbers_is_found() -> None:
    """Its numbers and its text say the same, or one of them is wrong."""
    wrong = claim("c", text="27.6 million people were in forced labor", numbers=["26.7 million", "27,600,000"])
    assert ["26.7 million"] == list(stray_numbers(wrong, "en"))
    assert [] == list(stray_numbers(FORCED, "en"))


def test_a_verdict_says_where_it_stands() -> None:
    text = "Listen first. Most victims know them."
    (found,) = judged(text)
    assert "Most" == text[found.quantity.start : found.quantity.end]


def test_what_a_template_printed_is_not_looked_at_again() -> None:
    """But beside a figure alone the author's own words stand, which can make it a false one."""
    judge = QuantityJudge(rules("en"), "en", 2027)
    whole, figure = Printed("claim", "share", "text", SHARE.text), Printed("claim", "share", "numbers", "23%")
    text = f"Most calls come at night. {SHARE.text}. And 23% of trafficking victims are."
    found = list(judge.judge(text, CLAIMS, lambda: places_of([whole, figure], text, canonical)))
    assert [("Most", Reason.NO_CLAIM), ("23%", Reason.OTHER_POPULATION)] == [
        (v.quantity.words, v.reason) for v in found
    ]


def test_a_language_without_rules_has_none(tmp_path: Path) -> None:
    """Its items are blocked until a person has looked at each figure."""
    assert (None, ()) == load_quantity_rules(LINT, "ar")


def test_a_cause_brings_its_own_words() -> None:
    """What every campaign counts is in the house's rules; the words of a cause go with its pack."""
    house, _ = load_quantity_rules(LINT, "en")
    assert house
    text = "Half the runaways are approached."
    assert [Tier.SILENT] == [v.tier for v in QuantityJudge(house, "en", 2027).judge(text)]
    assert Tier.RED in {v.tier for v in judged(text)}


def test_rules_are_read_strictly(tmp_path: Path) -> None:
    """A misspelt key would switch a rule off without a word."""
    (tmp_path / "quantities").mkdir()
    text = (LINT / "quantities/en.toml").read_text(encoding="utf-8").replace("magnitude = 100", "magnitudes = 100")
    (tmp_path / "quantities/en.toml").write_text(text, encoding="utf-8")
    found, findings = load_quantity_rules(tmp_path, "en")
    assert found is None
    assert {"C010", "C011"} == {f.code for f in findings}
