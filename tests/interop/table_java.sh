#!/bin/bash
# table_java.sh TARGET: the table in Java.
libraries=$(tests/interop/java_libraries)
exec java -XX:TieredStopAtLevel=1 -cp "tests/interop/table.jar:$libraries" Table "$@"
