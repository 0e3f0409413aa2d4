# SPDX-License-Identifier: Apache-2.0
# Helpers that add a library, a binary or a layer's tests, so that every target is made alike.

# bulla_add_library(NAME [HOT] SOURCES... [COLD sources...] [PUBLIC targets...] [PRIVATE targets...])
# HOT libraries see every byte of an image and are built for speed in a release, but for their COLD sources; the
# others wait for networks and people, or see a few files of an image, and are built for size.
function(bulla_add_library name)
  cmake_parse_arguments(arg "HOT" "" "SOURCES;COLD;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES} ${arg_COLD})
  if(arg_COLD)
    set_source_files_properties(${arg_COLD} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
  endif()
  if(NOT arg_HOT)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
  target_link_libraries(
    ${name}
    PUBLIC ${arg_PUBLIC}
    PRIVATE bulla_options ${arg_PRIVATE})
endfunction()

# bulla_add_binary(NAME SOURCES... LINK targets...)
function(bulla_add_binary name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  target_link_libraries(${name} PRIVATE bulla_options ${arg_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()

# bulla_add_tests(NAME SOURCES... LINK targets... [LABEL label])
# One executable of Catch2 tests, each case discovered as one CTest test. The label is `unit` unless given.
function(bulla_add_tests name)
  if(NOT BULLA_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LINK" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE bulla_options bulla_test_main ${arg_LINK})
  target_compile_definitions(${name} PRIVATE BULLA_TESTDATA="${PROJECT_SOURCE_DIR}/testdata")
  catch_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${arg_LABEL})
endfunction()
