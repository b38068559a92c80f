package io.tocsin.speech.internal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Optional;

/** A day written in figures, when there is such a day: 31/02 is left as it stands. */
record CalendarDay(int day, int month, Optional<Integer> year) {

    static Optional<CalendarDay> of(String day, String month, String year) {
        try {
            int d = Integer.parseInt(day);
            int m = Integer.parseInt(month);
            if (year == null) {
                MonthDay.of(m, d);
                return Optional.of(new CalendarDay(d, m, Optional.empty()));
            }
            LocalDate.of(Integer.parseInt(year), m, d);
            return Optional.of(new CalendarDay(d, m, Optional.of(Integer.parseInt(year))));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    /** "22 novembre 2026", with the first of a month as the language says it. */
    String said(Locale language, String theFirst) {
        String name = Month.of(month).getDisplayName(TextStyle.FULL, language);
        return (day == 1 ? theFirst : String.valueOf(day)) + " " + name
                + year.map(y -> " " + y).orElse("");
    }
}
