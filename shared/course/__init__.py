"""The course as data: types, gates, figures, exports."""
