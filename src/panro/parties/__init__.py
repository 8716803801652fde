"""Who stands before the agency: people, businesses, organisations and consortia, and who acts for them."""
