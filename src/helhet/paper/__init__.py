# SPDX-License-Identifier: EUPL-1.2
"""Documents as data, and what becomes of them: HTML fragments, tagged PDF, DOCX, workbooks.

`document` holds the parts, `markdown` turns authors' text into them, `codec` stores and sums them;
`html`, `pdf`, `word` and `sheets` render. Nothing here knows of Django or of any room.
"""
