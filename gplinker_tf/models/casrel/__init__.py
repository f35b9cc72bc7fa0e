"""CasRel: tagging of subjects, and of each subject's objects."""
