"""Every fact with its verdict: what assets.disclosure says of it."""

from assets.disclosure.verdicts import judge


def model(dbt, session):  # noqa: ARG001  dbt calls it with both
    """The facts as judged. dbt finds what it rests on in the names below."""
    categories = dbt.ref("dim_category").df()
    members = dbt.ref("fct_measure_members")
    rules = dbt.ref("stg_disclosure__rules").filter("kind = 'rule' and rule_limit is not null").df()
    return judge(
        dbt.ref("fct_facts").df(),
        lambda year: _coded(members.filter(f"survey_year = {year}")),
        dbt.ref("int_measures__questions").df(),
        _coded(dbt.ref("dim_municipality_group")),
        categories.loc[categories["origin"] == "answers", "breakdown"].unique(),
        dict(zip(rules["name"], rules["rule_limit"], strict=True)),
    )


def _coded(relation):
    """The rows of a large table, each text once."""
    return relation.to_arrow_table().to_pandas(strings_to_categorical=True)
