# SPDX-License-Identifier: Apache-2.0
"""Makes a jar that runs on one version of Java alone, and says which.

Usage: own_java.py FILE PLATFORM JAVA
  PLATFORM   its Corda-Platform-Version
  JAVA       1.8 or 17: the java.specification.version that it needs

So that no test needs a compiler, its class is here as `javac -g:none --release 8`
makes it of

    public class OwnJava {
        public static void main(String[] args) {
            String wanted = new java.util.Scanner(
                OwnJava.class.getResourceAsStream("/java")).next();
            String is = System.getProperty("java.specification.version");
            System.out.println("this jar needs Java " + wanted +
                ", and this is Java " + is);
            System.exit(wanted.equals(is) ? 0 : 1);
        }
    }
"""
import base64
import sys
import zipfile

CLASS = """
yv66vgAAADQASAoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClW
BwAIAQARamF2YS91dGlsL1NjYW5uZXIHAAoBAAdPd25KYXZhCAAMAQAFL2phdmEKAA4ADwcAEAwA
EQASAQAPamF2YS9sYW5nL0NsYXNzAQATZ2V0UmVzb3VyY2VBc1N0cmVhbQEAKShMamF2YS9sYW5n
L1N0cmluZzspTGphdmEvaW8vSW5wdXRTdHJlYW07CgAHABQMAAUAFQEAGChMamF2YS9pby9JbnB1
dFN0cmVhbTspVgoABwAXDAAYABkBAARuZXh0AQAUKClMamF2YS9sYW5nL1N0cmluZzsIABsBABpq
YXZhLnNwZWNpZmljYXRpb24udmVyc2lvbgoAHQAeBwAfDAAgACEBABBqYXZhL2xhbmcvU3lzdGVt
AQALZ2V0UHJvcGVydHkBACYoTGphdmEvbGFuZy9TdHJpbmc7KUxqYXZhL2xhbmcvU3RyaW5nOwkA
HQAjDAAkACUBAANvdXQBABVMamF2YS9pby9QcmludFN0cmVhbTsHACcBABdqYXZhL2xhbmcvU3Ry
aW5nQnVpbGRlcgoAJgADCAAqAQAUdGhpcyBqYXIgbmVlZHMgSmF2YSAKACYALAwALQAuAQAGYXBw
ZW5kAQAtKExqYXZhL2xhbmcvU3RyaW5nOylMamF2YS9sYW5nL1N0cmluZ0J1aWxkZXI7CAAwAQAT
LCBhbmQgdGhpcyBpcyBKYXZhIAoAJgAyDAAzABkBAAh0b1N0cmluZwoANQA2BwA3DAA4ADkBABNq
YXZhL2lvL1ByaW50U3RyZWFtAQAHcHJpbnRsbgEAFShMamF2YS9sYW5nL1N0cmluZzspVgoAOwA8
BwA9DAA+AD8BABBqYXZhL2xhbmcvU3RyaW5nAQAGZXF1YWxzAQAVKExqYXZhL2xhbmcvT2JqZWN0
OylaCgAdAEEMAEIAQwEABGV4aXQBAAQoSSlWAQAEQ29kZQEABG1haW4BABYoW0xqYXZhL2xhbmcv
U3RyaW5nOylWAQANU3RhY2tNYXBUYWJsZQAhAAkAAgAAAAAAAgABAAUABgABAEQAAAARAAEAAQAA
AAUqtwABsQAAAAAACQBFAEYAAQBEAAAAagAEAAMAAABLuwAHWRIJEgu2AA23ABO2ABZMEhq4ABxN
sgAiuwAmWbcAKBIptgArK7YAKxIvtgArLLYAK7YAMbYANCsstgA6mQAHA6cABAS4AECxAAAAAQBH
AAAADQAC/QBGBwA7BwA7QAEAAA==
"""

path, platform, java = sys.argv[1:]
with zipfile.ZipFile(path, "w") as jar:
    for name, content in (
        (
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\r\nMain-Class: OwnJava\r\n"
            f"Corda-Platform-Version: {platform}\r\n",
        ),
        ("OwnJava.class", base64.b64decode(CLASS)),
        ("java", java),
    ):
        jar.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
