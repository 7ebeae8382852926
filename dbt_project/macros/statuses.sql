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
