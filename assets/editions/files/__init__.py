"""The files of an edition beside its pages: CSV, workbooks, marts, lists, and what describes them."""
