"""The generator of the bundled, synthetic deliveries: answers that agree with every figure that the reports print.

Belongs here: everything that invents answers, and the list of figures that they must meet (``constraints/``). Nothing
else in the project depends on this package; it may use ``assets.questionnaires`` to know what was asked, and
``assets.supervision`` to know what is a possible risk. See ``README.md``.
"""
