package io.tocsin.directory.internal.table;

import java.util.List;
import java.util.Map;

/**
 * One row of a table.
 *
 * @param number as an editor or a spreadsheet shows it, from 1
 * @param cells by column, from 0; never null inside, but raw: not cleaned
 * @param faults column to what is wrong with the cell itself, such as a formula without a value
 */
public record Row(int number, List<String> cells, Map<Integer, String> faults) {

    public String cell(int column) {
        return column < cells.size() ? cells.get(column) : "";
    }

    boolean blank() {
        return faults.isEmpty() && cells.stream().allMatch(String::isBlank);
    }
}
