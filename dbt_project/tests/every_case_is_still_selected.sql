-- Where answers that a criterion reads were corrected or came later than the first delivery, the ground on which a
-- municipality was selected can have gone since. What happened stays on record.
{{ cases_without_selection('semi') }}
