package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.data.metric.PanopticQuality.Part;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** The two photos that panopticapi has as samples, where {@code -Dcoco.sample.dir} says. */
@EnabledIfSystemProperty(named = "coco.sample.dir", matches = ".+")
class CocoSampleTest {
  @TempDir private Path folder;

  @Test
  void theGroundTruthAsPredictionIsPerfect() throws IOException {
    String yaml =
        "type: coco-panoptic\nroot: "
            + System.getProperty("coco.sample.dir")
            + "\nimage_dir: input_images\nannotations: panoptic_examples.json";
    DataConfig config = DataConfig.read(Files.writeString(folder.resolve("c.yaml"), yaml), folder);
    Dataset dataset = config.dataset("val");
    PanopticQuality quality = new PanopticQuality(config.classes().isThing());
    long segments = 0;
    for (int i = 0; i < dataset.size(); i++) {
      PanopticMap map = dataset.read(i).segments();
      quality.add(map, map);
      segments += map.segments().stream().filter(segment -> !segment.crowd()).count();
    }
    assertThat(dataset.size()).isEqualTo(2);
    assertThat(quality.mean(Part.ALL).pq()).isEqualTo(1);
    assertThat(quality.mean(Part.THINGS).pq()).isEqualTo(1);
    assertThat(quality.mean(Part.STUFF).pq()).isEqualTo(1);
    long matches = 0;
    for (int k = 0; k < quality.categories(); k++) {
      matches += quality.counts(k).matches();
    }
    assertThat(matches).isEqualTo(segments);
    assertThat(dataset.read(0).segments().segments()).extracting(Segment::crowd).contains(true);
  }
}
