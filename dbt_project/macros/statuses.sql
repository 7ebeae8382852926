{# The one status of several cells: the first of this list that any of them has. It goes from what says most to what says least: an
   answer; something that cannot be used; an answer that was lost, of which nobody can say whether it was blank; word that there is
   none; a blank; no question at all. The last two are of questions and questionnaires that are not there. 'window' is an over clause. #}
{% macro strongest_status(status, window='') -%}
    {%- set strongest_first -%}
        [
            'answered', 'invalid', 'not_collected', 'not_available', 'no_answer', 'not_asked',
            'not_in_questionnaire', 'no_questionnaire'
        ]
    {%- endset -%}
    ({{ strongest_first }})[min(list_position({{ strongest_first }}, {{ status }})) {{ window }}]
{%- endmacro %}


{# How many were asked, gave an answer or gave none, and why: the counts from which a base and its unknowns follow.
   rows: the alias of rows with is_asked and status. Gives the columns base, answered, no_answer, not_available, not_collected, invalid. #}
{% macro counted_statuses(rows) -%}
    count(*) filter (where {{ rows }}.is_asked and {{ rows }}.status != 'not_collected') as base,
    {% for status in ['answered', 'no_answer', 'not_available', 'not_collected', 'invalid'] -%}
    count(*) filter (where {{ rows }}.is_asked and {{ rows }}.status = '{{ status }}') as {{ status }}{{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}
