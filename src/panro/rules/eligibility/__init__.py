"""Who may get what: named rules with three answers, each with clause, fact, source and how to mend it."""
