"""The README says which operations of the Route 53 API there are and who tests them; this says whether
it is so."""

import operations


def test_the_readme_has_the_table_of_operations():
    readme = (operations.TOP / "README.md").read_text()
    assert operations.table() in readme, "run tests/scenario/operations.py and paste what it prints"


def test_every_operation_is_tested_with_a_client():
    tested = set.union(*operations.used().values()) | operations.signed_by_hand()
    assert [name for name in operations.names() if name not in tested] == []


def test_there_are_all_operations_that_have_a_meaning_here():
    assert len(operations.names()) == 74
