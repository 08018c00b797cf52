package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

/** What {@code s2f serve} refuses before it listens; the service itself is tested in its module. */
class ServeCommandTest {
  private static void assertRefused(Run run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains(message);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port       | 70000 | the port must be 0 to 65535, found 70000",
        "--workers    | 0     | the workers must be 1 to 256, found 0",
        "--queue      | -1    | the queue must be 0 to 10000, found -1",
        "--max-body   | 5000  | --max-body must be 1 to 1023, found 5000",
        "--max-pixels | 0     | --max-pixels must be above 0, found 0",
        "--time-limit | NaN   | --time-limit must be above 0 and at most 86400, found NaN",
        "--backend    | tornado | is not for this command",
        "-m           | nowhere | nowhere",
      })
  void valuesOutOfRangeAreNamed(String option, String value, String message) {
    assertRefused(InProcess.run("serve", option, value), message);
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          InProcess.run("serve", "--port", taken.getLocalPort()),
          "127.0.0.1:" + taken.getLocalPort() + ": ");
    }
  }
}
