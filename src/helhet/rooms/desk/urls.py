# SPDX-License-Identifier: EUPL-1.2
from django.urls import path

from helhet.rooms.desk import goal_views, matter_views, steer_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("arenden/", views.matters, name="matters"),
    path("sok/", views.search, name="search"),
    path("besked/", views.notices, name="notices"),
    path("mitt-konto/", views.account, name="account"),
    path("mal/", views.goal_tree, name="goals"),
    path("mal/skriv/", goal_views.write, name="new_goal"),
    path("mal/<slug:stable_id>/skriv/", goal_views.write, name="write_goal"),
    path("mal/<slug:stable_id>/", views.goal, name="goal"),
    path("mal/avgor/<int:pk>/", steer_views.settle, name="settle"),
    path("organisationer/", views.organisations, name="organisations"),
    path("organisationer/<slug:slug>/", views.organisation, name="organisation"),
    path("om/", views.about, name="about"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("arende/<uuid:uid>/", matter_views.matter, name="matter"),
    path("arende/<uuid:uid>/skriv/", matter_views.comment, name="comment"),
    path("arende/<uuid:uid>/inlagg/<int:pk>/dolj/", steer_views.hide_comment, name="hide_comment"),
    path("arende/<uuid:uid>/folj/", matter_views.follow, name="follow"),
    path("arende/<uuid:uid>/stod/", matter_views.support, name="support"),
    path("arende/<uuid:uid>/andra/", steer_views.steer, {"verb": "edit"}, name="edit"),
    path("arende/<uuid:uid>/agare/", steer_views.steer, {"verb": "owners"}, name="owners"),
    path("arende/<uuid:uid>/lasare/", steer_views.steer, {"verb": "visibility"}, name="visibility"),
    path("arende/<uuid:uid>/sla-ihop/", steer_views.steer, {"verb": "merge"}, name="merge"),
    path("arende/<uuid:uid>/bryt-ut/", steer_views.steer, {"verb": "split"}, name="split"),
    path("arende/<uuid:uid>/knyt/", steer_views.steer, {"verb": "link"}, name="link"),
    path("arende/<uuid:uid>/part/", steer_views.steer, {"verb": "participant"}, name="participant"),
    path("arende/<uuid:uid>/part/<int:pk>/avsluta/", steer_views.end_participant, name="end_participant"),
    path("arende/<uuid:uid>/projekt/", steer_views.steer, {"verb": "project"}, name="project"),
    path("arende/<uuid:uid>/bifoga/", steer_views.steer, {"verb": "attach"}, name="attach"),
    path("arende/<uuid:uid>/mal/", steer_views.steer, {"verb": "tie_goal"}, name="tie_goal"),
    path("nummer/<path:number>", matter_views.by_number, name="by_number"),
    path("fil/<uuid:uid>/", matter_views.download, name="download"),
]
