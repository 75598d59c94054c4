"""Tables and listings as files: one grid of texts, written as csv, html, rtf and docx."""
