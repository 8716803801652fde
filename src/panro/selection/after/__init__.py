"""What comes after publication: letters, offers of the waiting list, objections."""
