"""The settings of an installation, and the message when one is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.base.settings import Settings, load_settings, usable_settings
from assets.questionnaires.edition_year import edition_year
from assets.questionnaires.model import Delivery, Questionnaire

DATA = Path(__file__).parents[3] / "data"


def written(tmp_path: Path, text: str | bytes) -> Path:
    file = tmp_path / "settings.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


DELIVERED = Delivery(number=1, path="a.csv", format="csv", sha256="0" * 64, received_on=date(2023, 5, 1))


def years(questionnaire: Questionnaire, **status: str) -> list[Questionnaire]:
    return [
        questionnaire.model_copy(
            update={
                "survey_year": int(year[1:]),
                "status": value,
                "deliveries": () if value == "planned" else (DELIVERED,),
            }
        )
        for year, value in status.items()
    ]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.yaml") == Settings()


@pytest.mark.parametrize("text", ["", "# nothing\n", "edition:\n", "writer: {}\n"])
def test_what_is_left_out_has_its_default(tmp_path: Path, text: str) -> None:
    assert load_settings(written(tmp_path, text)) == Settings()


def test_the_bundled_settings_load() -> None:
    assert load_settings(DATA / "settings.yaml").annual_run.timezone == "Europe/Amsterdam"


def test_settings_have_their_types(tmp_path: Path) -> None:
    text = "edition: {survey_year: 2022}\nwriter: {wait_seconds: 5}\nannual_run: {cron: '0 7 * * *', timezone: UTC}\n"
    settings = load_settings(written(tmp_path, text))
    assert (settings.edition.survey_year, settings.writer.wait_seconds) == (2022, 5)
    assert (settings.annual_run.cron, settings.annual_run.timezone) == ("0 7 * * *", "UTC")


def test_every_setting_is_in_the_file_and_in_the_table_of_the_runbook() -> None:
    runbook = (DATA.parent / "docs" / "runbook.md").read_text(encoding="utf-8")
    _, table = runbook.split("## The settings")
    in_file = (DATA / "settings.yaml").read_text(encoding="utf-8")
    for section, of_section in Settings.model_fields.items():
        assert f"\n{section}:" in in_file
        fields = getattr(of_section.annotation, "model_fields", None)
        names = [f"{section}.{name}" for name in fields] if fields else [section]
        assert [name for name in names if f"`{name}`" not in table.split("\n## ")[0]] == []
        assert [name for name in fields or () if f"{name}:" not in in_file] == []


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("edition: {survey_year: latest}\n", "valid integer", "line 1, edition › survey_year"),
        ("edition: {year: 2022}\n", "'year' is not a field", "line 1, edition › year"),
        ("editions: {}\n", "'editions' is not a field", "line 1, editions"),
        (f"{'long' * 200}: {{}}\n", "lon…' is not a field", f"line 1, {'long' * 14}lon…"),
        ("writer:\n  wait_seconds: -1\n", "greater than or equal to 0", "line 2, writer › wait_seconds"),
        ("delivery_sensor: {every_seconds: often}\n", "valid integer", "delivery_sensor › every_seconds"),
        ("annual_run: {timezone: Europe/Amsterdm}\n", "there is no time zone", "annual_run › timezone"),
        ("annual_run: {cron: every day}\n", "a cron schedule has five parts", "annual_run › cron"),
        ("annual_run: {cron: '0 6 40 9 *'}\n", "there is no such moment as '0 6 40 9 *'", "annual_run › cron"),
        ("annual_run: {cron: '0 6 31 2 *'}\n", "there is no such moment", "annual_run › cron"),
        ("retries: {limit: -1}\n", "greater than or equal to 0", "retries › limit"),
        ("deadlines: {answers: {2024: soon}}\n", "date", "deadlines › answers › 2024"),
        ("delivery_sensor: {every_seconds: 1e30}\n", "valid integer", "delivery_sensor › every_seconds"),
        ("notices: {every_seconds: 100000000}\n", "less than or equal to 86400", "notices › every_seconds"),
        ("owners:\n- {role: Data Engineers, groups: []}\n", "pattern", "role"),
        ("owners:\n- {role: a, groups: [], email: nobody}\n", "pattern", "email"),
        ("notices: {channel: pigeon}\n", "'log', 'email' or 'webhook'", "notices › channel"),
        ("notices: {channel: email}\n", "channel email needs smtp", "line 1, notices"),
        ("database: {memory_limit: much}\n", "pattern", "database › memory_limit"),
        ("database: {temp_directory: scratch}\n", "not a whole path", "database › temp_directory"),
        ("writer: [\n", "not valid YAML", "line 2"),
        ("- a\n", "not a mapping", "line 1"),
        (b"# \xe9", "not UTF-8", "line 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str | bytes, what: str, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_settings(written(tmp_path, text))
    assert what in refused.value.what
    assert f"settings.yaml, {where}" in refused.value.where or refused.value.where.endswith(where)


@pytest.mark.parametrize(
    ("text", "what", "usable"),
    [
        ("writer: {wait_seconds: 5}\n", "", {"writer": {"wait_seconds": 5}}),
        ("writer: {wait_seconds: 5}\nretries: {limt: 1}\n", "'limt' is not a field", {"writer": {"wait_seconds": 5}}),
        ("writer: {wait_seconds: 5, limit: 1}\n", "'limit' is not a field", {}),
        ("writers: {wait_seconds: 5}\nretries: {limit: 1}\n", "'writers' is not a field", {"retries": {"limit": 1}}),
        ("writer: {wait_seconds: 5}\nretries: [\n", "not valid YAML", {}),
        (b"# \xe9\nwriter: {wait_seconds: 5}\n", "not UTF-8", {}),
    ],
)
def test_what_can_be_used_beside_a_mistake_is_used(
    tmp_path: Path, text: str | bytes, what: str, usable: dict[str, object]
) -> None:
    settings, fault = usable_settings(written(tmp_path, text))
    assert settings == Settings.model_validate(usable)
    assert bool(fault) == bool(what)
    assert what in (fault.what if fault else "")


def test_the_newest_year_past_planned_is_published(questionnaire: Questionnaire) -> None:
    of = years(questionnaire, y2021="final", y2022="open", y2023="planned")
    assert edition_year(Settings(), of) == 2022


def test_a_year_can_be_chosen(questionnaire: Questionnaire) -> None:
    settings = Settings.model_validate({"edition": {"survey_year": 2021}})
    assert edition_year(settings, years(questionnaire, y2021="final", y2022="open")) == 2021


@pytest.mark.parametrize(("chosen", "status"), [("2020", "final"), ("2021", "planned"), ("newest", "planned")])
def test_there_has_to_be_something_to_publish(questionnaire: Questionnaire, chosen: str, status: str) -> None:
    settings = Settings.model_validate({"edition": {"survey_year": chosen}})
    with pytest.raises(BadInput, match=f"nothing to publish for survey year {chosen}"):
        edition_year(settings, years(questionnaire, y2021=status))


def test_an_open_year_without_a_delivery_is_not_published(questionnaire: Questionnaire) -> None:
    before, opened = years(questionnaire, y2021="final", y2022="open")
    assert edition_year(Settings(), [before, opened.model_copy(update={"deliveries": ()})]) == 2021
