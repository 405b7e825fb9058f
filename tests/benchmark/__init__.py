"""The benchmark: our site, a naive twin of it and a bare view, side by side on one machine.

Run it as `python -m tests.benchmark`; docs/performance.md says what each number means.
"""
