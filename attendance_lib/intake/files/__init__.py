"""Reading files of any kind within bounds: text, workbooks, records, before anything is known of what they hold."""
