# SPDX-License-Identifier: Apache-2.0
# Java applications in the forms they are shipped in, built by Maven: one jar of 200 jars (Spring Boot; some 94 MB), a
# web application, a shaded jar, the same behind a shell script, and an OSGi bundle without Maven's records.
command -v mvn >/dev/null || fail "Maven is not on this machine; as root: scripts/setup --tests"
mkdir -p truth java/app java/srv java/opt/tool java/opt/osgi
for project in fat war shaded osgi; do
    cp -r "$here/java/$project" "$project"
    # The list first: the shade plugin replaces the project's POM by one without dependencies.
    mvn -B -ntp -q -f "$project/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:list \
        -DincludeScope=runtime -DoutputFile=list.txt -Dmdep.outputScope=false >&2
    mvn -B -ntp -q -f "$project/pom.xml" package >&2
done
cp fat/target/shop-1.4.0.jar java/app/app.jar # renamed, as Dockerfiles do
cp war/target/web-2.1.war java/srv/web-2.1.war
cp shaded/target/tool-0.9.jar java/opt/tool/tool-0.9.jar
{
    printf '#!/bin/sh\nexec java -jar "$0" "$@"\n'
    cat shaded/target/tool-0.9.jar
} >java/opt/tool/tool-run.jar
cp osgi/target/org.example.shop.widgets-3.0.1.jar java/opt/osgi/
# Maven's list of each project, and what the records say that others have left in the jars.
/usr/bin/python3 "$here/java/truth.py" fat war shaded osgi >truth/maven.json
for kind in dpkg npm pip; do echo '[]' >"truth/$kind.json"; done
pack java.tar java
rm -rf fat war shaded osgi java
layout java.tar
