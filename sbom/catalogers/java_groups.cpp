// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_identity.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace bulla::sbom {
namespace {

/// A line for each group, "group artifact artifact …": a table of pairs would cost five times as
/// much in the binary, and an unknown jar is worth a search through 100 KiB.
constexpr std::string_view kKnown =
#include "sbom/catalogers/java_groups.inc"
    ;

/// Artifacts that no current bill of materials lists, and names that several groups use of which
/// one is meant nearly always; in byte order. They win over the table.
struct Known {
    std::string_view artifact;
    std::string_view group;
};

constexpr std::array kCurated{
    Known{"activation", "javax.activation"},
    Known{"antlr", "antlr"},
    Known{"aopalliance", "aopalliance"},
    Known{"asm", "org.ow2.asm"},
    Known{"bcpkix-jdk15on", "org.bouncycastle"},
    Known{"bcpkix-jdk18on", "org.bouncycastle"},
    Known{"bcprov-jdk15on", "org.bouncycastle"},
    Known{"bcprov-jdk18on", "org.bouncycastle"},
    Known{"bcutil-jdk18on", "org.bouncycastle"},
    Known{"catalina", "org.apache.tomcat"},
    Known{"commons-beanutils", "commons-beanutils"},
    Known{"commons-cli", "commons-cli"},
    Known{"commons-codec", "commons-codec"},
    Known{"commons-collections", "commons-collections"},
    Known{"commons-digester", "commons-digester"},
    Known{"commons-discovery", "commons-discovery"},
    Known{"commons-fileupload", "commons-fileupload"},
    Known{"commons-httpclient", "commons-httpclient"},
    Known{"commons-io", "commons-io"},
    Known{"commons-lang", "commons-lang"},
    Known{"commons-lang3", "org.apache.commons"},
    Known{"commons-logging", "commons-logging"},
    Known{"commons-net", "commons-net"},
    Known{"commons-validator", "commons-validator"},
    Known{"dom4j", "org.dom4j"},
    Known{"groovy", "org.apache.groovy"},
    Known{"guava", "com.google.guava"},
    Known{"hibernate-commons-annotations", "org.hibernate.common"},
    Known{"hsqldb", "org.hsqldb"},
    Known{"jaxen", "jaxen"},
    Known{"jcl-over-slf4j", "org.slf4j"},
    Known{"jdom", "org.jdom"},
    Known{"jsch", "com.jcraft"},
    Known{"jsp-api", "javax.servlet.jsp"},
    Known{"jstl", "javax.servlet"},
    Known{"junit", "junit"},
    Known{"log4j", "log4j"},
    Known{"mail", "javax.mail"},
    Known{"mysql-connector-java", "mysql"},
    Known{"ojdbc8", "com.oracle.database.jdbc"},
    Known{"oro", "oro"},
    Known{"postgresql", "org.postgresql"},
    Known{"quartz", "org.quartz-scheduler"},
    Known{"servlet-api", "javax.servlet"},
    Known{"snakeyaml", "org.yaml"},
    Known{"tomcat-annotations-api", "org.apache.tomcat"},
    Known{"tomcat-api", "org.apache.tomcat"},
    Known{"tomcat-catalina", "org.apache.tomcat"},
    Known{"tomcat-catalina-ant", "org.apache.tomcat"},
    Known{"tomcat-catalina-ha", "org.apache.tomcat"},
    Known{"tomcat-coyote", "org.apache.tomcat"},
    Known{"tomcat-dbcp", "org.apache.tomcat"},
    Known{"tomcat-el-api", "org.apache.tomcat"},
    Known{"tomcat-jasper", "org.apache.tomcat"},
    Known{"tomcat-jasper-el", "org.apache.tomcat"},
    Known{"tomcat-jaspic-api", "org.apache.tomcat"},
    Known{"tomcat-jni", "org.apache.tomcat"},
    Known{"tomcat-jsp-api", "org.apache.tomcat"},
    Known{"tomcat-juli", "org.apache.tomcat"},
    Known{"tomcat-servlet-api", "org.apache.tomcat"},
    Known{"tomcat-tribes", "org.apache.tomcat"},
    Known{"tomcat-util", "org.apache.tomcat"},
    Known{"tomcat-util-scan", "org.apache.tomcat"},
    Known{"tomcat-websocket", "org.apache.tomcat"},
    Known{"velocity", "org.apache.velocity"},
    Known{"xalan", "xalan"},
    Known{"xercesImpl", "xerces"},
    Known{"xml-apis", "xml-apis"},
    Known{"xpp3", "xpp3"},
    Known{"xstream", "com.thoughtworks.xstream"},
};

static_assert(std::is_sorted(kCurated.begin(), kCurated.end(), [](const Known& a, const Known& b) {
    return a.artifact < b.artifact;
}));

/// The group whose line has the artifact; empty if none has.
std::string_view find_group(std::string_view artifact) {
    const std::string word = " " + std::string(artifact);
    for (std::size_t at = kKnown.find(word); at != std::string_view::npos;
         at = kKnown.find(word, at + 1)) {
        const char behind = kKnown[at + word.size()]; // the last line ends in a line feed
        if (behind == ' ' || behind == '\n') {
            const std::size_t before = kKnown.rfind('\n', at);
            const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
            return kKnown.substr(begin, kKnown.find(' ', begin) - begin);
        }
    }
    return {};
}

} // namespace

std::optional<std::string_view> find_java_group(std::string_view artifact) {
    const auto curated = std::lower_bound(
        kCurated.begin(), kCurated.end(), artifact, [](const Known& a, std::string_view b) {
            return a.artifact < b;
        });
    if (curated != kCurated.end() && curated->artifact == artifact) {
        return curated->group;
    }
    const std::string_view group = find_group(artifact);
    return group.empty() ? std::nullopt : std::optional(group);
}

} // namespace bulla::sbom
