# SPDX-License-Identifier: EUPL-1.2
from django.urls import path

from helhet.rooms.administration.views import accounts, claims, groups, organisations, tables

prefix = "administration/"
urlpatterns = [
    path("", accounts.start, name="start"),
    path("konton/", accounts.listing, name="accounts"),
    path("konton/nytt/", accounts.add, name="add_account"),
    path("konton/<int:pk>/", accounts.account, name="account"),
    path("konton/<int:pk>/roll/", accounts.give_role, name="give_role"),
    path("konton/<int:pk>/bjud-in/", accounts.invite, name="invite"),
    path("konton/<int:pk>/stang/", accounts.shut, name="shut"),
    path("konton/<int:pk>/oppna/", accounts.reopen, name="reopen"),
    path("roller/<int:pk>/avsluta/", accounts.end_role, name="end_role"),
    path("organisationer/", organisations.listing, name="organisations"),
    path("organisationer/ny/", organisations.add, name="add_organisation"),
    path("organisationer/<slug:slug>/", organisations.organisation, name="organisation"),
    path("organisationer/<slug:slug>/flytta/", organisations.move, name="move"),
    path("organisationer/<slug:slug>/upphor/", organisations.close, name="close"),
    path("organisationer/<slug:slug>/medlem/", groups.add_role, name="add_role"),
    path("organisationer/<slug:slug>/uppdrag/", groups.mandate, name="mandate"),
    path("uppdrag/<int:pk>/avsluta/", groups.end, name="end_mandate"),
    path("inloggning/", claims.claims, name="claims"),
    path("inloggning/<int:pk>/ta-bort/", claims.remove, name="remove_claim"),
    path("las-in/", tables.upload, name="upload"),
    path("las-in/<uuid:uid>/", tables.transfer, name="transfer"),
    path("las-in/<uuid:uid>/skriv/", tables.approve, name="approve"),
    path("las-in/<uuid:uid>/glom/", tables.forget, name="forget"),
    path("skriv-ut/", tables.order, name="export"),
    path("skriv-ut/<uuid:uid>/hamta/", tables.fetch, name="fetch"),
]
