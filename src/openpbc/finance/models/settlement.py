"""What is settled around a year's budgets: next steps, replies of groups, the deposit, submissions, open questions.

Every row is a statement that is added and never changed; the one with the highest number counts. Two people who state
at once collide on the number.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Statement(models.Model):
    """What all statements have: the place and year, their number among those on the same thing, who and when."""

    place = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class TaskMark(Statement):
    """A next step marked open, done or waived; a waiver has a reason."""

    task = models.CharField(max_length=60)
    state = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "task", "number"), name="task_mark_once"),
            models.CheckConstraint(condition=Q(state__in=("open", "done", "waived")), name="task_mark_state"),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(reason=""), name="task_waived_with_reason"),
        )


class GroupReply(Statement):
    """What a group says of its funding under a scenario: too low, right or too high, by how much, and why."""

    scenario = models.CharField(max_length=60)
    unit = models.CharField(max_length=40)
    answer = models.CharField(max_length=10)
    pence = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "scenario", "unit", "number"), name="group_reply_once"),
            models.CheckConstraint(condition=Q(answer__in=("too low", "right", "too high")), name="group_reply_answer"),
            models.CheckConstraint(condition=Q(pence__isnull=True) | Q(pence__gt=0), name="group_reply_sum"),
        )


class DepositStatement(Statement):
    """The deposit as proposed, assumed or agreed; agreed needs the record of a meeting."""

    status = models.CharField(max_length=10)
    scenario = models.CharField(max_length=60)
    pence = models.BigIntegerField()
    on = models.DateField()
    decision = models.BigIntegerField(null=True)
    waiver = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="deposit_statement_once"),
            models.CheckConstraint(
                condition=Q(status__in=("proposed", "assumed", "agreed")), name="deposit_statement_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(decision__isnull=False), name="deposit_agreed_in_a_meeting"
            ),
            models.CheckConstraint(condition=Q(pence__gte=0), name="deposit_statement_sum"),
        )


class PlanSubmission(Statement):
    """A draft of the plan sent to the regional body: on which scenario, which version, which deposit, and when."""

    scenario = models.CharField(max_length=60)
    settings = models.CharField(max_length=2000)
    plan_version = models.PositiveIntegerField(null=True)
    deposit = models.BigIntegerField()
    on = models.DateField()
    basis = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "number"), name="plan_submission_once"),
            models.CheckConstraint(condition=~Q(scenario=""), name="plan_submission_names_scenario"),
        )


class QuestionClosing(Statement):
    """An open question on published figures, closed by finance with a reason."""

    question = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "year", "question"), name="question_closed_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="question_closed_with_reason"),
        )
