"""Libraries of what threads share, built twice: to be shipped, and for tests that schedule threads."""

def scheduled_library(name, scheduled_deps = [], deps = [], visibility = None, **kwargs):
    """A cc_library, and NAME_scheduled: the same with a hook before each atomic access.

    See atomic.h. A program must not link both.

    Args:
      name: of the library.
      scheduled_deps: what it depends on that is a scheduled_library too.
      deps: the rest.
      visibility: of the library; NAME_scheduled is for tests alone.
      **kwargs: as for cc_library.
    """
    native.cc_library(
        name = name,
        deps = scheduled_deps + deps,
        visibility = visibility,
        **kwargs
    )
    kwargs["testonly"] = True
    native.cc_library(
        name = name + "_scheduled",
        # Tests go through hundreds of thousands of orders.
        copts = ["-O2"],
        defines = ["IRQD_SCHEDULE_POINTS"],
        deps = [dep + "_scheduled" for dep in scheduled_deps] + deps,
        visibility = ["//tests:__subpackages__"],
        **kwargs
    )
