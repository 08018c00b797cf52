package org.spike2former.cli.report;

import java.util.Arrays;
import java.util.List;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.OperationKind;

/** Additions and multiplications of a run, by kind; kinds of which there were none are left out. */
public final class OperationTable {
  private OperationTable() {}

  public static Table<OperationKind> of(OperationCounts counts) {
    List<OperationKind> kinds =
        Arrays.stream(OperationKind.values())
            .filter(kind -> counts.additions(kind) + counts.multiplications(kind) > 0)
            .toList();
    return Table.of(
        kinds,
        Column.left("kind", 45, OperationKind::label),
        Column.right("additions", 15, "%,d", counts::additions),
        Column.right("multiplications", 15, "%,d", counts::multiplications));
  }
}
