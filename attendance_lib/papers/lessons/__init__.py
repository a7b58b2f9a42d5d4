"""Lessons: who was in school and not in a lesson, and attendance across subjects."""
