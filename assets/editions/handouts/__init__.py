"""What others get of a questionnaire: codebook, DDI, delivery template, text for the survey bureau, SPSS file."""
