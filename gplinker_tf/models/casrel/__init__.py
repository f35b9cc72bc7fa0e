"""CasRel: taggings of subjects, and of each subject's objects."""
