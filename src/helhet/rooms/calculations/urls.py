# SPDX-License-Identifier: EUPL-1.2
from django.urls import path

from helhet.rooms.calculations.views import books, investments, keeping, play, runs

urlpatterns = [
    path("kalkyler/", books.listed, name="books"),
    path("kalkyler/ny/", books.add, name="add"),
    path("kalkyler/<slug:slug>/", play.book, name="book"),
    path("kalkyler/<slug:slug>/siffror", play.figures, name="figures"),
    path("kalkyler/<slug:slug>/forklara", play.explain, name="explain"),
    path("kalkyler/<slug:slug>/spara", keeping.save, name="save"),
    path("kalkyler/<slug:slug>/behall", keeping.keep, name="keep"),
    path("kalkyler/<slug:slug>/andra", books.edit, name="edit"),
    path("kalkyler/<slug:slug>/lage", books.state, name="state"),
    path("kalkyler/<slug:slug>/kalla", books.source, name="source"),
    path("kalkyler/<slug:slug>/scenario/<uuid:uid>/bort", keeping.remove, name="remove_scenario"),
    path("korningar/<uuid:uid>/", runs.run, name="run"),
    path("investeringar/", investments.listed, name="investments"),
    path("investeringar/tabell.<str:kind>", investments.download, name="investments_table"),
    path("investeringar/valj/<int:pk>/", investments.choose, name="choose_figure"),
]
