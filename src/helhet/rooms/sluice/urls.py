# SPDX-License-Identifier: EUPL-1.2
from django.urls import path
from django.views.decorators.http import require_safe

from helhet.rooms.sluice import bank_views, queue_views, setup_views, views

urlpatterns = [
    path("lamna/", views.capture, name="capture"),
    path("lamna/liknande/", views.similar, name="similar"),
    path("lamna/fragor/", views.questions, name="questions"),
    path("lamna/utan-nat/", views.offline, name="offline"),
    path("utan-nat.js", views.worker, name="worker"),
    path("lamnat/<uuid:uid>/", views.thanks, name="thanks"),
    path("lamnat/hemligt/<str:token>/", views.thanks_secret, name="thanks_secret"),
    path("folj/<str:token>/", views.follow_secret, name="follow_secret"),
    path("arende/<uuid:uid>/galler-mig-ocksa/", views.join, name="join"),
    path("sluss/", queue_views.queue, name="queue"),
    path("sluss/siffror/", bank_views.figures, name="figures"),
    path("sluss/<uuid:uid>/svara/", queue_views.answer, name="answer"),
    path("sluss/<uuid:uid>/fraga/", queue_views.ask, name="ask"),
    path("sluss/<uuid:uid>/oppna/", queue_views.reopen, name="reopen"),
    path("sluss/<uuid:uid>/lamna-over/", queue_views.hand_over, name="hand_over"),
    path("sluss/oversattning/<int:pk>/", queue_views.translate, name="translate"),
    path("sluss/svar/<int:pk>/bestall-oversattning/", queue_views.order_translation, name="order_translation"),
    path("sluss/svar/<int:pk>/villkor/", queue_views.condition, name="condition"),
    path("sluss/ny/", setup_views.open_sluice, name="open"),
    path("sluss/stall-in/<slug:slug>/", setup_views.configure, name="configure"),
    path("banken/", bank_views.bank, name="bank"),
    path("banken/atom.xml", require_safe(bank_views.BankFeed()), name="bank_feed"),
    path("agarlosa/", bank_views.ownerless, name="ownerless"),
]
