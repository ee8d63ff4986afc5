/** What the functions ask AWS for, played on the loopback: a green test says what is sent, not what AWS answers. */
@NullMarked
package history.aws;

import org.jspecify.annotations.NullMarked;
