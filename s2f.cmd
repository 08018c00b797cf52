@echo off
rem Starts the s2f command on Windows: finds a JDK 25, builds a checkout on first use, runs.
rem Settings: JAVA_HOME, S2F_JAVA_OPTS (for the JVM).
setlocal EnableExtensions DisableDelayedExpansion
set "s2f_home=%~dp0"
set "s2f_home=%s2f_home:~0,-1%"

set "s2f_jdk="
call :try "%s2f_home%\runtime"
call :try "%JAVA_HOME%"
for %%j in (java.exe) do if not "%%~$PATH:j"=="" call :try "%%~dp$PATH:j.."
for /d %%j in ("%ProgramFiles%\Eclipse Adoptium\*") do call :try "%%~j"
for /d %%j in ("%ProgramFiles%\Java\*") do call :try "%%~j"
for /d %%j in ("%ProgramFiles%\Microsoft\jdk*") do call :try "%%~j"
if defined s2f_jdk goto found
>&2 echo s2f: no JDK 25 found; install one (for example Eclipse Temurin 25) or point JAVA_HOME at it
exit /b 2

:found
rem A package has its libraries ready; the stamp is the sign of a whole build of a checkout.
set "s2f_lib=%s2f_home%\lib"
if not exist "%s2f_home%\pom.xml" goto run
set "s2f_lib=%s2f_home%\cli\target\lib"
if exist "%s2f_home%\cli\target\s2f.stamp" goto run
>&2 echo s2f: building, on first use; Maven compiles for a minute or two
set "JAVA_HOME=%s2f_jdk%"
call "%s2f_home%\mvnw.cmd" -B -q -f "%s2f_home%\pom.xml" -Dformat.skip -DskipTests package 1>&2
if not errorlevel 1 goto run
>&2 echo s2f: the build failed
exit /b 2

:run
rem The JVM takes one choice of a collector, and the user's goes first.
set "s2f_options=-XX:+UseSerialGC"
if "%~1"=="train" set "s2f_options=-XX:+UseParallelGC -XX:GCTimeRatio=9 -XX:MaxRAMPercentage=70"
if defined S2F_JAVA_OPTS set "s2f_options=%S2F_JAVA_OPTS%"
rem As in s2f: the compiler always looks into the method for slices.
set "s2f_inline=-XX:CompileCommand=quiet -XX:CompileCommand=inline,jdk.internal.foreign.AbstractMemorySegmentImpl::asSlice*"
"%s2f_jdk%\bin\java.exe" --add-modules jdk.incubator.vector %s2f_inline% -Djava.awt.headless=true "-Ds2f.home=%s2f_home%" %s2f_options% -cp "%s2f_lib%\*" org.spike2former.cli.Main %*
exit /b %ERRORLEVEL%

rem A JDK's release file tells its version without starting it.
:try
if defined s2f_jdk exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "s2f_version="
for /f "usebackq tokens=1,2 delims==" %%a in ("%~1\release") do if "%%a"=="JAVA_VERSION" set "s2f_version=%%~b"
if "%s2f_version:~0,2%"=="25" set "s2f_jdk=%~1"
exit /b 0
