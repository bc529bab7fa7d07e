# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the decision room."""

from django.urls import path

from helhet.rooms.decisions.views import deciding, presenting, reading, register, reviewing, section, writing

prefix = "beslut/"
urlpatterns = [
    path("", register.register, name="register"),
    path("flode.atom", register.feed, name="feed"),
    path("uppfoljning/<int:pk>/", deciding.follow_up, name="follow_up"),
    path("underlag/", register.bases, name="bases"),
    path("underlag/nytt/<uuid:matter>/", writing.start, name="start"),
    path("underlag/<uuid:uid>/", reading.basis, name="basis"),
    path("underlag/<uuid:uid>/utkast/", reading.draft, name="draft"),
    path("underlag/<uuid:uid>/version/<int:number>/", reading.version, name="version"),
    path("underlag/<uuid:uid>/version/<int:number>/skillnad/", reading.compare, name="compare"),
    path("underlag/<uuid:uid>/versioner/", reading.versions, name="versions"),
    path("underlag/<uuid:uid>/hamta.<slug:form>", reading.download, name="download"),
    path("underlag/<uuid:uid>/redigera/", writing.edit, name="edit"),
    path("underlag/<uuid:uid>/redigera/huvud/", writing.head, name="head"),
    path("underlag/<uuid:uid>/redigera/alternativ/", writing.alternatives, name="alternatives"),
    path("underlag/<uuid:uid>/redigera/siffror/", writing.figures, name="figures"),
    path("underlag/<uuid:uid>/redigera/korning/", writing.change_run, name="change_run"),
    path("underlag/<uuid:uid>/redigera/lista/<slug:kind>/", writing.rows, name="rows"),
    path("underlag/<uuid:uid>/redigera/lista/<slug:kind>/<int:pk>/ta-bort/", writing.remove, name="remove"),
    path("underlag/<uuid:uid>/redigera/text/<slug:key>/", section.section, name="section"),
    path("underlag/<uuid:uid>/granska/", reviewing.review, name="review"),
    path("underlag/<uuid:uid>/granska/<int:pk>/avsluta/", reviewing.resolve, name="resolve"),
    path("underlag/<uuid:uid>/skicka-pa-granskning/", reviewing.send, name="send_to_review"),
    path("underlag/<uuid:uid>/lagg-fram/", presenting.present_basis, name="present"),
    path("underlag/<uuid:uid>/lagg-fram/<int:pk>/", presenting.presenting, name="presenting"),
    path("underlag/<uuid:uid>/besluta/", deciding.record, name="record"),
    path("<uuid:uid>/", deciding.decision, name="decision"),
    path("<uuid:uid>/ratta/", deciding.correct, name="correct"),
]
