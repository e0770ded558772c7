"""Addresses of the desk."""

from django.urls import path

from hotline.desk.views import (
    gallery,
    identity,
    lists,
    operator,
    order,
    organising,
    overview,
    policy,
    reorganising,
    several,
    signing,
    taking,
)

app_name = "desk"
urlpatterns = [
    path("", signing.home, name="home"),
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("role/", signing.choose_role, name="choose-role"),
    path("overview/", overview.overview, name="overview"),
    path("take/", taking.take, name="take"),
    path("inbox/", lists.inbox, name="inbox"),
    path("orders/", lists.orders, name="orders"),
    path("orders/<int:order_id>/", order.order, name="order"),
    path("orders/merge/", several.merge, name="merge"),
    path("orders/<int:order_id>/split/", several.split, name="split"),
    path("orders/<int:order_id>/files/", order.attach_files, name="attach"),
    path("orders/<int:order_id>/identity/", identity.reveal, name="reveal"),
    path("orders/<int:order_id>/files/<int:file_id>/", identity.file, name="file"),
    path("orders/<int:order_id>/<slug:action>/", order.act, name="act"),
    path("parked/", operator.parked, name="parked"),
    path("parked/<int:pending_id>/", operator.retry, name="retry"),
    path("reorganising/", reorganising.reorganising, name="reorganising"),
    path("imports/", organising.imports, name="imports"),
    path("imports/<int:run_id>/", organising.one, name="import"),
    path("policy/", policy.versions, name="policies"),
    path("policy/<int:version_id>/", policy.version, name="policy"),
    path("policy/<int:version_id>/preview/", policy.preview, name="policy-preview"),
    path("policy/<int:version_id>/activate/", policy.activate, name="policy-activate"),
    path("policy/<int:before_id>/to/<int:after_id>/", policy.compared, name="policy-compare"),
    path("policy/calendar/<int:calendar_id>/", policy.calendar, name="policy-calendar"),
    path(
        "policy/calendar/<int:before_id>/to/<int:after_id>/",
        policy.compared_calendars,
        name="policy-compare-calendars",
    ),
    path("components/", gallery.components, name="components"),
]
