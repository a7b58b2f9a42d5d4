"""How likely each pupil is to end a half term, a term or a year over a line, from the school's own registers alone."""
