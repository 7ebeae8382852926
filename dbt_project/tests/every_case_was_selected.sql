-- A case begins with a selection: criteria say so, or the note at its first record says why it is a case without them.
-- Any other is refused by its record, unless answers that a criterion reads changed: see every_case_is_still_selected.
{{ cases_without_selection('anti') }}
