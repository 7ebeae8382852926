"""Every table and figure that the two reports print is in the catalogue, at its place and under its printed title."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.unit.catalogue.test_report_catalogue import bundled

__all__ = ["bundled"]  # a fixture

# As printed, in the order of the report; words rejoined that a line break cut.
PRINTED = {
    "landelijk2023": """
Tabel 1.1: Aantal gemeenten dat overlegde over onderwijsachterstandenbeleid in 2022 (n=340)
Tabel 1.2: Aantal en percentage gemeenten dat afspraken maakte of nog lopende afspraken had over de verschillende \
LEA-onderwerpen in 2022
Figuur 1.2: Percentage gemeenten dat doelen stelde voor de verschillende LEA-thema’s in 2022 (n=340)
Figuur 1.3: Percentage gemeenten dat doelen bereikte voor de verschillende LEA-thema’s in 2022
Tabel 1.4: Redenen om de doelgroepdefinitie in 2022 niet aan te passen (n=294)
Tabel 1.5: Redenen om geen overleg te voeren over de doelgroepdefinitie (n=51)
Tabel 1.6: Redenen om geen afspraken te maken over toeleiding (n=249)
Tabel 1.7: Redenen om geen overleg te voeren over toeleiding (n=22, meerdere antwoorden mogelijk)
Tabel 1.8: Redenen om geen afspraken te maken over doorgaande lijn (n=232)
Tabel 1.9: Redenen om geen overleg te voeren over doorgaande lijn (n=24)
Tabel 1.10: Overzicht van het aantal doelgroepkinderen, het aantal kindplaatsen en het aantal bereikte \
doelgroepkinderen in 2022, en het aantal gemeenten dat deze gegevens aanleverde
Tabel 1.11: Bereikpercentage in relatie tot de omvang van de doelgroepdefinitie
Figuur 1.4: Overzicht van de ontwikkeling van het aantal doelgroeppeuters, kindplaatsen en bereikte doelgroeppeuters \
in 2020, 2021 en 2022 (n=88)
Figuur 1.5: Schematische weergave waarborgtoezicht LEA/vve
Tabel 2.1: Aantal en percentage gemeenten met en zonder resultaatafspraken
Figuur 2.1: Onderwerpen van de afspraken (n=232)
Tabel 2.2: Inhoud van de afspraken (n=232, in %, meerdere antwoorden mogelijk)
Figuur 2.2: Doelbereik resultaatafspraken (n=232)
Figuur 2.3: Redenen waarom de doelen niet of niet helemaal zijn bereikt (meerdere antwoorden mogelijk, n=78)
Figuur 2.4: Gespreksniveau resultaten (meerdere antwoorden mogelijk)
""",
    "thema2022": """
Tabel 3.1.1a: Formele vastlegging van samenwerking, structuren, visie en doelen binnen netwerken, 2019
Figuur 3.1.2a: Percentage organisaties dat overleg voert met de gemeente binnen de LEA, 2020
Tabel 3.1.3a: Coördinatie van het netwerk, 2019
Tabel 3.1.3b: Rollen die de gemeente vervult in het netwerk, 2019
Tabel 4.1.1a: Onderwerpen ‘vve’ binnen het thema ‘het bestrijden van onderwijsachterstanden’, 2020
Tabel 4.1.1b: Onderwerpen ‘overig’ binnen het thema ‘het bestrijden van onderwijsachterstanden’, 2021
Tabel 4.2.1a: Onderwerpen binnen het thema ‘het voorkomen segregatie’, 2021
Tabel 4.3.1a: Evaluatie van de uitkomsten van het beleid, 2019
Bijlage 2 Tabel 1: Stedelijkheidsgraad van gemeenten, 2021
Bijlage 2 Tabel 2: Achterstandsscore van gemeenten, 2021
Bijlage 2 Tabel 3: Achterstandsscore gerelateerd aan stedelijkheidsgraad
""",
}


def lines(report: str) -> list[str]:
    return PRINTED[report].strip().splitlines()


def test_the_reports_print_31_tables_and_figures() -> None:
    assert sum(len(lines(report)) for report in PRINTED) == 31


@pytest.mark.parametrize("report", PRINTED)
def test_each_is_in_the_catalogue_where_print_has_it_as_what_it_is(bundled: pd.DataFrame, report: str) -> None:
    own = bundled[(bundled["report"] == report) & (bundled["kind"] != "text")]
    tables = own.drop_duplicates("table_id").sort_values("position")
    shown = [f"{one.place_nl}: {one.title_nl}" for one in tables.itertuples()]
    assert shown == [re.sub(r"\bn=\d+", "n={n}", line) for line in lines(report)]
    assert [("figure" if line.startswith("Figuur") else "table") for line in lines(report)] == tables["kind"].tolist()
