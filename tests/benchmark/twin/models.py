"""The records. A date is as its source gives it, with its first possible day to sort by.

The only indexes are those that Django makes by itself: of keys, slugs and relations.
"""

from django.db import models
from django.urls import reverse


class Source(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30)
    reliability = models.CharField(max_length=30)
    dated = models.CharField(max_length=60, blank=True)
    address = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.title


class City(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=6, blank=True)
    summary = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    time_zone = models.CharField(max_length=40, blank=True)
    population = models.PositiveIntegerField(null=True)
    population_year = models.PositiveSmallIntegerField(null=True)
    website = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "cities"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("city", args=[self.slug])


class CityName(models.Model):
    city = models.ForeignKey(City, related_name="names", on_delete=models.CASCADE)
    text = models.CharField(max_length=120)
    language = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)

    def __str__(self):
        return self.text


class Organization(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    classification = models.CharField(max_length=30)
    place = models.ForeignKey(City, null=True, on_delete=models.PROTECT)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class RelationshipType(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    name_plural = models.CharField(max_length=80)
    definition = models.TextField()
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]

    def __str__(self):
        return self.name


class Relationship(models.Model):
    slug = models.SlugField(max_length=130, unique=True)
    home = models.ForeignKey(City, related_name="+", on_delete=models.PROTECT)
    partner = models.ForeignKey(City, related_name="relationships", on_delete=models.PROTECT)
    story = models.TextField(blank=True)
    status = models.CharField(max_length=20, blank=True)
    type = models.ForeignKey(RelationshipType, null=True, on_delete=models.PROTECT)
    since = models.CharField(max_length=60, blank=True)
    since_earliest = models.DateField(null=True)

    class Meta:
        ordering = ["partner__name"]

    def __str__(self):
        return f"{self.home} – {self.partner}"

    def get_absolute_url(self):
        return self.partner.get_absolute_url()


class Entry(models.Model):
    relationship = models.ForeignKey(
        Relationship, related_name="entries", on_delete=models.CASCADE
    )
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    on = models.CharField(max_length=60)
    on_earliest = models.DateField(null=True)
    party = models.CharField(max_length=10)
    acceptance = models.CharField(max_length=10)
    why_not_preferred = models.TextField(blank=True)
    decided_by = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT)
    type = models.ForeignKey(RelationshipType, null=True, on_delete=models.PROTECT)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["on_earliest", "number"]
        verbose_name_plural = "entries"

    def __str__(self):
        return f"{self.get_heading()}, {self.on}"

    def get_heading(self):
        return self.kind.replace("_", " ").capitalize()


class EntryCitation(models.Model):
    entry = models.ForeignKey(Entry, related_name="citations", on_delete=models.CASCADE)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    role = models.CharField(max_length=10)
    says = models.TextField(blank=True)

    def __str__(self):
        return f"{self.role}: {self.source}"


class Agreement(models.Model):
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=30)
    relationships = models.ManyToManyField(Relationship, related_name="agreements")
    signed_on = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    signatories = models.JSONField(default=list)
    documents = models.ManyToManyField(Source)

    def __str__(self):
        return self.slug


class Program(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    summary = models.TextField(blank=True)
    relationships = models.ManyToManyField(Relationship, related_name="programs")

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


class Exchange(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    program = models.ForeignKey(
        Program, related_name="exchanges", null=True, on_delete=models.PROTECT
    )
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20)
    begins = models.CharField(max_length=60, blank=True)
    begins_earliest = models.DateField(null=True)
    relationships = models.ManyToManyField(Relationship, related_name="exchanges")

    class Meta:
        ordering = ["-begins_earliest"]

    def __str__(self):
        return self.title or str(self.program)


class Member(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["sort_name"]

    def __str__(self):
        return self.name


class Meeting(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    kind = models.CharField(max_length=25)
    on = models.CharField(max_length=60)
    on_earliest = models.DateField()
    note = models.TextField(blank=True)
    sources = models.ManyToManyField(Source)

    class Meta:
        ordering = ["-on_earliest"]

    def __str__(self):
        return f"{self.organization}, {self.on}"


class Resolution(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    kind = models.CharField(max_length=15)
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=12, blank=True)
    decided_on = models.CharField(max_length=60, blank=True)
    decided_earliest = models.DateField(null=True)
    text = models.TextField(blank=True)
    text_kind = models.CharField(max_length=12, blank=True)
    text_on = models.CharField(max_length=60, blank=True)
    sponsors = models.ManyToManyField(Member, related_name="sponsored")
    relationships = models.ManyToManyField(Relationship, related_name="resolutions")
    sources = models.ManyToManyField(Source)

    class Meta:
        ordering = ["-decided_earliest", "slug"]

    def __str__(self):
        return f"{self.number}: {self.title}" if self.number else self.title

    def get_absolute_url(self):
        return reverse("resolution", args=[self.slug])


class Action(models.Model):
    resolution = models.ForeignKey(Resolution, related_name="actions", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    on = models.CharField(max_length=60)
    on_earliest = models.DateField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    meeting = models.ForeignKey(
        Meeting, related_name="actions", null=True, on_delete=models.PROTECT
    )
    text_version = models.PositiveSmallIntegerField(null=True)
    mover = models.ForeignKey(Member, related_name="moved", null=True, on_delete=models.PROTECT)
    seconder = models.ForeignKey(
        Member, related_name="seconded", null=True, on_delete=models.PROTECT
    )
    method = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    requirement = models.CharField(max_length=20, blank=True)
    announced_yes = models.PositiveSmallIntegerField(null=True)
    announced_no = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["on_earliest", "number"]

    def __str__(self):
        return f"{self.get_heading()}, {self.on}"

    def get_heading(self):
        return " ".join([self.kind.replace("_", " ").capitalize(), self.outcome]).strip()

    def get_counts(self):
        """Return how many members made each choice; needs the ballots to be prefetched."""
        choices = [ballot.choice for ballot in self.ballots.all()]
        return {choice: choices.count(choice) for choice in ("yes", "no", "abstain", "absent")}


class ActionCitation(models.Model):
    action = models.ForeignKey(Action, related_name="citations", on_delete=models.CASCADE)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    role = models.CharField(max_length=10)
    says = models.TextField(blank=True)

    def __str__(self):
        return f"{self.role}: {self.source}"


class Ballot(models.Model):
    action = models.ForeignKey(Action, related_name="ballots", on_delete=models.CASCADE)
    member = models.ForeignKey(Member, related_name="ballots", on_delete=models.PROTECT)
    choice = models.CharField(max_length=10)

    class Meta:
        ordering = ["member__sort_name"]

    def __str__(self):
        return f"{self.member}: {self.choice}"


class Change(models.Model):
    """One line for the page of changes, written beside each change."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.kind}: {self.title}"

    def get_absolute_url(self):
        return self.url
