"""`make bench`: how fast each part is, as a ratio to something measured in the same run where there is one."""
