# SPDX-License-Identifier: Apache-2.0
# The interface target bulla_options: language level, warnings, hardening and sanitizers, linked
# PRIVATE by every target of the project.

option(BULLA_TESTS "build the tests" ON)
option(BULLA_BENCH "build the micro benchmarks" OFF)
option(BULLA_FUZZ "build the libFuzzer targets (clang only)" OFF)
option(BULLA_WERROR "treat warnings as errors" OFF)
set(BULLA_SANITIZE "" CACHE STRING "sanitizers, a list such as address;undefined")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

find_program(BULLA_CCACHE ccache)
if(BULLA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${BULLA_CCACHE}")
endif()

add_library(bulla_options INTERFACE)
target_compile_features(bulla_options INTERFACE cxx_std_20)
target_include_directories(bulla_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(bulla_options INTERFACE _GLIBCXX_ASSERTIONS)
target_compile_options(
  bulla_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wimplicit-fallthrough
            "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/="
            -ffunction-sections
            -fdata-sections)
# g++ 12 reports null dereferences inside its own library headers once it inlines at -O1 and above,
# so this warning is asked for only where nothing is inlined.
target_compile_options(bulla_options INTERFACE $<$<CONFIG:Debug>:-Wnull-dereference>)
if(BULLA_WERROR)
  target_compile_options(bulla_options INTERFACE -Werror)
endif()
target_link_options(bulla_options INTERFACE -Wl,--as-needed -Wl,--gc-sections)

if(BULLA_SANITIZE)
  string(REPLACE ";" "," bulla_sanitizers "${BULLA_SANITIZE}")
  target_compile_options(bulla_options INTERFACE "-fsanitize=${bulla_sanitizers}"
                                                 -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(bulla_options INTERFACE "-fsanitize=${bulla_sanitizers}")
  # g++ 12 loses track of initialisation in instrumented library headers (its manual says so of -fsanitize).
  target_compile_options(bulla_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
else()
  # arm64 lacks some of these, so each is tried.
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "BULLA_HAS${flag}" variable)
    check_cxx_compiler_flag("${flag}" ${variable})
    if(${variable})
      target_compile_options(bulla_options INTERFACE "${flag}")
    endif()
  endforeach()
  target_compile_options(
    bulla_options INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>)
  foreach(flag -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,pack-relative-relocs)
    string(MAKE_C_IDENTIFIER "BULLA_HAS${flag}" variable)
    check_linker_flag(CXX "${flag}" ${variable})
    if(${variable})
      target_link_options(bulla_options INTERFACE "${flag}")
    endif()
  endforeach()
endif()

find_program(BULLA_MOLD mold)
option(BULLA_USE_MOLD "link with mold" OFF)
if(BULLA_USE_MOLD AND BULLA_MOLD)
  target_link_options(bulla_options INTERFACE -fuse-ld=mold)
endif()
