"""Who somebody is: the account and its log-in. What somebody may do is decided where it is done."""
